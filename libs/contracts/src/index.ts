import * as operator from './operator/status.js';
import { CONTEXTS } from './contexts.generated.js';
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
export * from './contexts.generated.js';
export { operator };

const isOperation = (value: unknown): value is Operation =>
  typeof value === 'object' && value !== null && 'permission' in value && 'refusals' in value;
const isEvent = (value: unknown): value is PublicEventSpec =>
  typeof value === 'object' && value !== null && 'type' in value && 'summary' in value && 'data' in value;

/** Every operation of every context; the gateway, the documents and the tests walk this list. */
export const OPERATIONS: readonly Operation[] = Object.values(CONTEXTS).flatMap(({ operations }) =>
  Object.values<unknown>(operations).filter(isOperation),
);
/** Every public event of every context. */
export const PUBLIC_EVENTS: readonly PublicEventSpec[] = Object.values(CONTEXTS).flatMap(({ events }) =>
  Object.values<unknown>(events).filter(isEvent),
);
