import { useParams } from 'react-router';
import { useAsk } from '../../api/hooks.js';

const longLived = 10 * 60_000;

/** The school that the address names. */
export const useSchoolId = (): string => useParams().school ?? '';

/** Its units, cohorts and import windows. */
export const useSchoolOfPage = () => useAsk('school-network.show-school', { schoolId: useSchoolId() }, { staleTime: longLived });
