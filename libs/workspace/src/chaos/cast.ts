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

/** Who takes part: people of the demo that can work today. */
export type Cast = {
  readonly administrator: Client;
  /** Sees every public event, those of drafts too, which no person sees of another. */
  readonly tool: Client;
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
  return { administrator, tool: await toolOf(target, administrator), trainees, tutors, clients };
}

/** A staff tool's account, made for the run. */
async function toolOf(target: Target, administrator: Client): Promise<Client> {
  const accountId = randomUUID();
  const { body } = await administrator.ask('POST', '/service-accounts', { accountId, name: 'Chaos' }, accountId);
  const token = new AccessToken(target.url, { clientId: String(body['clientId']), clientSecret: String(body['clientSecret']) });
  return new Client(target, () => token.current());
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
