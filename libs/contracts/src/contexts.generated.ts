// Written by npm run generate from services/*/service.json; do not edit.
import * as identity from './identity/operations.js';
import * as identityEvents from './identity/events.js';
import * as schoolNetwork from './school-network/operations.js';
import * as schoolNetworkEvents from './school-network/events.js';
import * as career from './career/operations.js';
import * as careerEvents from './career/events.js';
import * as logbook from './logbook/operations.js';
import * as logbookEvents from './logbook/events.js';
import * as reporting from './reporting/operations.js';
import * as reportingEvents from './reporting/events.js';

export {
  identity,
  identityEvents,
  schoolNetwork,
  schoolNetworkEvents,
  career,
  careerEvents,
  logbook,
  logbookEvents,
  reporting,
  reportingEvents,
};

/** Every context by its name, which is that of its service, in the order of all lists. */
export const CONTEXTS = {
  identity: {
    namespace: 'identity',
    about: 'People, profiles, sign-in, service accounts',
    operations: identity,
    events: identityEvents,
  },
  'school-network': {
    namespace: 'schoolNetwork',
    about: 'University, schools, units, cohorts, requirement sets, tutor assignments',
    operations: schoolNetwork,
    events: schoolNetworkEvents,
  },
  career: {
    namespace: 'career',
    about: 'Enrolments, tracks, suspensions',
    operations: career,
    events: careerEvents,
  },
  logbook: {
    namespace: 'logbook',
    about: 'Entries, validation, attestations, imports',
    operations: logbook,
    events: logbookEvents,
  },
  reporting: {
    namespace: 'reporting',
    about: 'Counters, lists, reports, verification',
    operations: reporting,
    events: reportingEvents,
  },
} as const;
