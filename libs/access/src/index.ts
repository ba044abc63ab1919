export { Assignments, assignmentsProjection, type Assignment } from './assignments.js';
export { Directory, type DirectoryOptions, type PersonName } from './directory.js';
