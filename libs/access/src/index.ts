export { accessProviders, directoryProvider } from './access-providers.js';
export { Assignments, assignmentsProjection, type Assignment } from './assignments.js';
export { Directory, namesOfPeople, type PersonName } from './directory.js';
