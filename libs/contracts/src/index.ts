import * as career from './career/operations.js';
import * as careerEvents from './career/events.js';
import * as identity from './identity/operations.js';
import * as identityEvents from './identity/events.js';
import * as logbook from './logbook/operations.js';
import * as logbookEvents from './logbook/events.js';
import * as operator from './operator/status.js';
import * as reporting from './reporting/operations.js';
import * as reportingEvents from './reporting/events.js';
import * as schoolNetwork from './school-network/operations.js';
import * as schoolNetworkEvents from './school-network/events.js';
import type { Operation, PublicEventSpec } from './contract.js';

export * from './contract.js';
export { deliveriesQuery, feedQuery, GATEWAY_ROUTES, webhookRegistration } from './gateway/routes.js';
export { CONSUMES, NAME_HOLDERS } from './consumption.generated.js';
export { type Context, contextOf } from './consumption.js';
export { GENERAL_PROBLEMS, type GeneralProblem, type ProblemCode, type ProblemTexts } from './problems.js';
export { type PatientData, patientDataIn } from './patient-data.js';
export * from './values.js';
export * from './school-network/requirement-set.js';
export { NON_PROFESSIONAL } from './school-network/non-professional.js';
export type { AutonomyScale } from './school-network/events.js';
export {
  career,
  careerEvents,
  identity,
  identityEvents,
  logbook,
  logbookEvents,
  operator,
  reporting,
  reportingEvents,
  schoolNetwork,
  schoolNetworkEvents,
};

const isOperation = (value: unknown): value is Operation =>
  typeof value === 'object' && value !== null && 'permission' in value && 'refusals' in value;
const isEvent = (value: unknown): value is PublicEventSpec =>
  typeof value === 'object' && value !== null && 'type' in value && 'summary' in value && 'data' in value;

/** Every operation of every context; the gateway, the documents and the tests walk this list. */
export const OPERATIONS: readonly Operation[] = [identity, schoolNetwork, career, logbook, reporting].flatMap((context) =>
  Object.values(context).filter(isOperation),
);
/** Every public event of every context. */
export const PUBLIC_EVENTS: readonly PublicEventSpec[] = [
  identityEvents,
  schoolNetworkEvents,
  careerEvents,
  logbookEvents,
  reportingEvents,
].flatMap((context) => Object.values(context).filter(isEvent));
