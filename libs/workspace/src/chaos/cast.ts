import { randomUUID } from 'node:crypto';
import { AccessToken } from '../../../client/src/access-token.js';
import { Client, type Target } from './client.js';

type Activity = {
  readonly code: string;
  readonly kind: string;
  readonly requires: readonly { readonly axis: string; readonly values: readonly { readonly value: string }[] }[];
};
export type LoggingTrainee = {
  readonly client: Client;
  readonly traineeId: string;
  readonly enrolmentId: string;
  readonly tutorId: string;
  readonly from: string;
  readonly activities: readonly Activity[];
};

/** The secretariat of a school; `numbers`: student numbers of its trainees. */
export type Office = { readonly client: Client; readonly schoolId: string; readonly numbers: ReadonlyMap<string, string> };

/** Who takes part: people of the demo that can work today. */
export type Cast = {
  readonly administrator: Client;
  readonly office: Office;
  /** Sees every public event, those of drafts too, which no person sees of another. */
  readonly tool: Client;
  /** The same tool, where the same data runs at another address. */
  readonly toolAt: (target: Target) => Client;
  readonly trainees: readonly LoggingTrainee[];
  readonly tutors: readonly { readonly client: Client; readonly tutorId: string }[];
  readonly clients: readonly Client[];
};

type DemoPerson = { readonly personId: string; readonly username: string; readonly role: string };

/** Up to `most` trainees and their tutors. */
export async function castOf(target: Target, most: number): Promise<Cast> {
  const listed = (await (await fetch(`${target.url}/api/demo-people`)).json()) as { people: DemoPerson[] };
  const people = listed.people.filter(({ username }) => username);
  const clients: Client[] = [];
  const client = (username: string): Client => {
    const made = new Client(target, () => target.token(username));
    clients.push(made);
    return made;
  };
  const administrator = client(people.find(({ role }) => role === 'administrator')?.username as string);
  const asked = people.filter(({ role }) => role === 'trainee').slice(0, most);
  const found = await Promise.all(asked.map(({ personId, username }) => traineeOf(client(username), personId)));
  const trainees = found.filter((one) => one !== undefined);
  const tutors = people
    .filter(({ role, personId }) => role === 'tutor' && trainees.some(({ tutorId }) => tutorId === personId))
    .map(({ personId, username }) => ({ client: client(username), tutorId: personId }));
  const office = await officeOf(client(people.find(({ role }) => role === 'school-secretariat')?.username as string));
  const toolAt = await toolOf(administrator);
  return { administrator, office, tool: toolAt(target), toolAt, trainees, tutors, clients };
}

async function officeOf(client: Client): Promise<Office> {
  const { profiles } = (await client.get('/me')).body as { profiles: readonly { role: string; schoolId: string }[] };
  const schoolId = profiles.find(({ role }) => role === 'school-secretariat')?.schoolId as string;
  const { enrolments } = (await client.get(`/schools/${schoolId}/careers?size=200`)).body as {
    enrolments: readonly { traineeId: string; studentNumber: string }[];
  };
  return { client, schoolId, numbers: new Map(enrolments.map(({ traineeId, studentNumber }) => [traineeId, studentNumber])) };
}

/** A staff tool's account, made for the run. */
async function toolOf(administrator: Client): Promise<Cast['toolAt']> {
  const accountId = randomUUID();
  const { body } = await administrator.ask('POST', '/service-accounts', { accountId, name: 'Chaos' }, accountId);
  const credentials = { clientId: String(body['clientId']), clientSecret: String(body['clientSecret']) };
  return (target) => {
    const token = new AccessToken(target.url, credentials);
    return new Client(target, () => token.current());
  };
}

/** Undefined where this trainee cannot log today. */
async function traineeOf(client: Client, traineeId: string): Promise<LoggingTrainee | undefined> {
  const { enrolment } = (await client.get('/logbook/suggestions')).body as {
    enrolment: { enrolmentId: string; cohortId: string; contractStart: string; suspendedToday: boolean } | null;
  };
  const { assignments } = (await client.get('/tutor-assignments?current=true')).body as { assignments: readonly { tutorId: string }[] };
  if (!enrolment || enrolment.suspendedToday || !assignments[0]) return undefined;
  const { activities } = (await client.get(`/cohorts/${enrolment.cohortId}/activities`)).body as {
    activities: LoggingTrainee['activities'];
  };
  return {
    client,
    traineeId,
    enrolmentId: enrolment.enrolmentId,
    tutorId: assignments[0].tutorId,
    from: enrolment.contractStart,
    activities: activities.filter(({ code, kind }) => kind === 'act' && !code.startsWith('NP/')),
  };
}
