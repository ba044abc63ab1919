import { FEATURES } from '../features.generated.js';
import type { Place, Where } from './feature.js';

const home: Place = { to: '/home', label: 'nav.home', icon: 'home' };
const school = (schoolId: string, screen: string): string => `/school/${schoolId}/${screen}`;

/** The places of a role, in the order of use; those of a feature follow. A new screen is listed here, or in its feature. */
export const placesOf = (where: Where): Place[] => [...ofRole(where), ...FEATURES.flatMap(({ places }) => places(where))];

const ofRole = ({ role, personId, schoolId }: Where): Place[] => {
  if (role === 'trainee')
    return [
      home,
      { to: '/logbook/new', label: 'nav.new-entry', icon: 'add' },
      { to: '/logbook', label: 'nav.logbook', icon: 'book', exact: true },
      { to: `/counters/${personId}`, label: 'nav.counters', icon: 'chart' },
    ];
  if (role === 'tutor') return [home, { to: '/validation', label: 'nav.validation', icon: 'check' }];
  if (role === 'director' && schoolId)
    return [
      home,
      { to: '/validation', label: 'nav.validation', icon: 'check' },
      { to: school(schoolId, 'trainees'), label: 'nav.trainees', icon: 'people' },
      { to: school(schoolId, 'dashboard'), label: 'nav.dashboard', icon: 'chart' },
    ];
  if (role === 'school-secretariat' && schoolId)
    return [
      home,
      { to: school(schoolId, 'trainees'), label: 'nav.trainees', icon: 'people' },
      { to: school(schoolId, 'reports'), label: 'nav.reports', icon: 'document' },
      { to: school(schoolId, 'import'), label: 'nav.import', icon: 'upload' },
      { to: school(schoolId, 'dashboard'), label: 'nav.dashboard', icon: 'chart' },
    ];
  if (role === 'administrator') return [home, { to: '/admin/system', label: 'nav.system', icon: 'pulse' }];
  return [home];
};
