import { randomUUID } from 'node:crypto';
import { type INestMicroservice, Module } from '@nestjs/common';
import { Refusal, uuidv8 } from '@ateneo/event-sourcing';
import { type Platform, RUNTIME, type ServiceDefinition, ServiceModule, type ServiceRuntime, startService } from '@ateneo/service-kit';
import { AccountController } from './account/account.controller.js';
import { account } from './account/account.decider.js';
import { Credentials, type DemoMark } from './credentials/credentials.client.js';
import { HashingLine } from './credentials/hashing-line.client.js';
import { CredentialsController, invitationLink } from './credentials/credentials.controller.js';
import { DirectoryController } from './directory/directory.controller.js';
import { directory } from './directory/directory.projection.js';
import { NamesInMemory } from './directory/names-in-memory.client.js';
import { Erasures } from './erasure/erasures.client.js';
import { REALM_ACCESS, readRealmAccess } from './identity.config.js';
import { IdentityRelations } from './identity.relation.js';
import { PersonController } from './person/person.controller.js';
import { person } from './person/person.decider.js';
import { publishPerson } from './person/person.published.js';
import { People } from './person/people.client.js';
import { RealmKeeper } from './realm/realm-keeper.client.js';

export const identityService: ServiceDefinition = {
  name: 'identity',
  aggregates: [{ decider: person, published: publishPerson }, { decider: account }],
  projections: [directory],
  mappingVersion: 1,
};

@Module({
  imports: [
    ServiceModule.for(identityService, {
      relations: IdentityRelations,
      providers: [People, HashingLine, { provide: REALM_ACCESS, useFactory: () => readRealmAccess() }],
      components: [Credentials, NamesInMemory, Erasures, RealmKeeper],
    }),
  ],
  controllers: [PersonController, AccountController, CredentialsController, DirectoryController],
})
export class IdentityModule {}

export const startIdentity = (platform: Platform): Promise<INestMicroservice> => startService('identity', IdentityModule, platform);

/** People of the demo whom anyone may sign in as, in the order given. */
export const introduceDemoPeople = (app: INestMicroservice, people: readonly DemoMark[]): void =>
  app.get(Credentials, { strict: false }).markDemo(people);

const FIRST = uuidv8('first administrator');

/** A folder started empty: registers the first administrator and answers a link for a password, until somebody has set one. */
export async function inviteFirstAdministrator(app: INestMicroservice, platform: Platform): Promise<string | undefined> {
  const credentials = app.get(Credentials, { strict: false });
  if (credentials.passwordHash(FIRST) !== undefined) return undefined;
  const runtime = app.get<ServiceRuntime>(RUNTIME, { strict: false });
  const username = 'amministratore';
  credentials.reserveUsername(username, FIRST);
  const details = { givenName: 'Amministratore', familyName: 'Ateneo', email: 'amministratore@localhost.invalid', staffNumber: null };
  const steps = [
    { type: 'RegisterPerson' as const, personId: FIRST, username, locale: 'it' as const, ...details },
    {
      type: 'GrantProfile' as const,
      profileId: uuidv8('first administrator', 'profile'),
      role: 'administrator' as const,
      schoolId: null,
      from: platform.clock.today(),
      to: null,
    },
  ];
  for (const [i, step] of steps.entries()) {
    const done = await runtime.runAs('first-start', person, FIRST, step, undefined, {
      correlationId: randomUUID(),
      commandId: uuidv8('first administrator', i),
    });
    if (done instanceof Refusal && done.code !== 'id-already-used')
      throw new Error(`the first administrator could not be registered: ${done.code}`);
  }
  return invitationLink(platform, credentials.invite(FIRST));
}
