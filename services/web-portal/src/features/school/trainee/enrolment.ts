import type { OutputOf } from '../../../api/client.js';

export type Enrolment = OutputOf<'career.show-career'>['enrolments'][number];
export type Suspension = Enrolment['suspensions'][number];
