import { useAsk } from '../../api/hooks.js';
import { useLanguage } from '../../i18n/language.js';

const longLived = 10 * 60_000;
/** Name of the university, its schools and its scale of autonomy. */
export const useUniversity = () => useAsk('school-network.show-university', {}, { staleTime: longLived });
/** Name of a school in the language of the page. */
export const useSchoolName = (): ((schoolId: string | null | undefined) => string | undefined) => {
  const { data } = useUniversity();
  const { format } = useLanguage();
  return (schoolId) => {
    const school = data?.schools.find((each) => each.schoolId === schoolId);
    return school && format.local(school.name);
  };
};
