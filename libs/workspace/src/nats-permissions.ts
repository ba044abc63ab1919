import { CONSUMES, OPERATIONS, subjectOf } from '@ateneo/contracts';

export const GATEWAY = 'api-gateway';
/** Another vendor's program that reads events straight from JetStream. */
export const STAFF_TOOL = 'staff-tool';
/** Services, and whose events each of them follows. */
export type Consumption = Readonly<Record<string, readonly string[]>>;
export const SERVICES: readonly string[] = Object.keys(CONSUMES);
export const natsUsers = (consumes: Consumption = CONSUMES): readonly string[] => [...Object.keys(consumes), GATEWAY, STAFF_TOOL];

export type NatsPermissions = {
  readonly publish: readonly string[];
  readonly notPublish: readonly string[];
  readonly subscribe: readonly string[];
  /** May answer what it is asked, once each. */
  readonly answers: boolean;
};

const eventsOf = (service: string): string => `events-${service}`;
const leasesOf = (service: string): string => `leases-${service}`;

/** What JetStream wants to be asked by who keeps a stream of its own. */
const keeps = (stream: string): string[] => [
  ...['CREATE', 'UPDATE', 'PURGE', 'DELETE', 'MSG.GET'].map((verb) => `$JS.API.STREAM.${verb}.${stream}`),
  ...reads(stream),
];

/** What JetStream wants to be asked by who reads a stream through consumers of its own. */
const reads = (stream: string): string[] => [
  `$JS.API.STREAM.INFO.${stream}`,
  `$JS.API.DIRECT.GET.${stream}`,
  `$JS.API.DIRECT.GET.${stream}.>`,
  // the server names an ordered consumer
  `$JS.API.CONSUMER.CREATE.${stream}`,
  ...['CREATE', 'INFO', 'MSG.NEXT', 'DELETE'].map((verb) => `$JS.API.CONSUMER.${verb}.${stream}.>`),
  `$JS.ACK.${stream}.>`,
  `$JS.FC.${stream}.>`,
];

const keepsLeases = (service: string): string[] => [`$KV.${leasesOf(service)}.>`, ...keeps(`KV_${leasesOf(service)}`)];

/** Operations for services alone, by whether this one is named as their caller. */
const serviceOperations = (caller: string, named: boolean): string[] =>
  OPERATIONS.filter(({ permission }) => 'callers' in permission && permission.callers.includes(caller) === named).map(subjectOf);

const ofService = (name: string, followed: readonly string[]): NatsPermissions => ({
  publish: [
    `${name}.event.>`,
    `changed.${name}`,
    `stored.${name}`,
    `progress.${name}`,
    `forgotten.${name}`,
    `store.${name}.>`,
    'status-told.>',
    ...serviceOperations(name, true),
    ...[name, ...followed].map((service) => `replay.${service}`),
    '$JS.API.INFO',
    ...keeps(eventsOf(name)),
    ...followed.flatMap((service) => reads(eventsOf(service))),
    ...keepsLeases(name),
  ],
  notPublish: [],
  subscribe: [
    `_INBOX.${name}.>`,
    `rpc.${name}.>`,
    `replay.${name}`,
    `changed.${name}`,
    `stored.${name}`,
    `progress.${name}`,
    `forgotten.${name}`,
    `store.${name}.>`,
    `operator.${name}.>`,
    'status-asked',
  ],
  answers: true,
});

const ofGateway = (services: readonly string[]): NatsPermissions => ({
  publish: [
    'rpc.>',
    'replay.>',
    'operator.>',
    'status-asked',
    'status-told.>',
    'session-ended',
    '$JS.API.INFO',
    ...services.flatMap((service) => reads(eventsOf(service))),
    ...keepsLeases(GATEWAY),
  ],
  notPublish: serviceOperations(GATEWAY, false),
  subscribe: [`_INBOX.${GATEWAY}.>`, 'changed.>', 'status-asked', 'status-told.>', 'session-ended'],
  answers: false,
});

const ofStaffTool = (services: readonly string[]): NatsPermissions => ({
  publish: ['$JS.API.INFO', ...services.flatMap((service) => reads(eventsOf(service)))],
  notPublish: [],
  subscribe: [`_INBOX.${STAFF_TOOL}.>`],
  answers: false,
});

/** What a user of the bus may say and hear, derived from the contracts. */
export function permissionsOf(user: string, consumes: Consumption = CONSUMES): NatsPermissions {
  if (user === GATEWAY) return ofGateway(Object.keys(consumes));
  return user === STAFF_TOOL ? ofStaffTool(Object.keys(consumes)) : ofService(user, consumes[user] ?? []);
}

/** `NATS_SCHOOL_NETWORK_PASSWORD` */
export const passwordVariable = (user: string): string => `NATS_${user.toUpperCase().replaceAll('-', '_')}_PASSWORD`;

const HEAD = `# Derived from the contracts by «npm run generate»: who may say and hear what on the bus, a user for each process and for staff tools.
# nats-server takes the passwords from its environment; libs/workspace/src/secrets.mjs makes them. A user's inboxes begin with _INBOX.<user>.
# Staff tools have an account of their own: what JetStream answers them cannot reach a subject of the services.
`;

const list = (name: string, subjects: readonly string[]): string =>
  subjects.length === 0
    ? ''
    : `            ${name}: [\n${subjects.map((subject) => `              "${subject}"\n`).join('')}            ]\n`;

function userBlock(user: string, password: string, { publish, notPublish, subscribe, answers }: NatsPermissions): string {
  return `      {
        user: "${user}"
        password: ${password}
        permissions: {
          publish: {
${list('allow', publish)}${list('deny', notPublish)}          }
          subscribe: {
${list('allow', subscribe)}          }
${answers ? '          allow_responses: { max: 1, expires: "2m" }\n' : ''}        }
      }
`;
}

const exported = (subject: string): string => `      { service: "${subject}", response_type: Stream, accounts: [STAFF] }\n`;
const imported = (subject: string): string => `      { service: { account: ATENEO, subject: "${subject}" } }\n`;

/** Configuration of nats-server; a password is a quoted text or a variable of the server's environment. */
export function natsPermissions(
  passwordOf: (user: string) => string = (user) => `$${passwordVariable(user)}`,
  consumes: Consumption = CONSUMES,
): string {
  const blockOf = (user: string) => userBlock(user, passwordOf(user), permissionsOf(user, consumes));
  const asked = permissionsOf(STAFF_TOOL, consumes).publish;
  return `${HEAD}accounts {
  ATENEO {
    jetstream: enabled
    exports: [
${asked.map(exported).join('')}    ]
    users: [
${natsUsers(consumes)
  .filter((user) => user !== STAFF_TOOL)
  .map(blockOf)
  .join('')}    ]
  }
  STAFF {
    imports: [
${asked.map(imported).join('')}    ]
    users: [
${blockOf(STAFF_TOOL)}    ]
  }
}
`;
}
