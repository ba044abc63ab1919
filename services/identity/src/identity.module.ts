import { type INestMicroservice, Module } from '@nestjs/common';
import { Platform, type ServiceDefinition, ServiceModule, startService } from '@ateneo/service-kit';
import { AccountController } from './account/account.controller.js';
import { account } from './account/account.decider.js';
import type { DemoMark } from './credentials/credential-table.client.js';
import { openCredentialTable } from './credentials/credential-tables.client.js';
import { CREDENTIAL_TABLE, Credentials } from './credentials/credentials.client.js';
import { HashingLine } from './credentials/hashing-line.worker.js';
import { CredentialsController } from './credentials/credentials.controller.js';
import { DirectoryController } from './directory/directory.controller.js';
import { directory } from './directory/directory.projection.js';
import { NamesInMemory } from './directory/names-in-memory.lookup.js';
import { Erasures } from './erasure/erasures.worker.js';
import { FirstAdministrator } from './first-administrator/first-administrator.worker.js';
import { FIRST_ACCESS, readFirstAccess, REALM_ACCESS, readRealmAccess } from './identity.config.js';
import { IdentityRelations } from './relations/identity.relation.js';
import { PersonController } from './person/person.controller.js';
import { person } from './person/person.decider.js';
import { publishPerson } from './person/person.published.js';
import { People } from './person/people.lookup.js';
import { RealmKeeper } from './realm/realm-keeper.worker.js';

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
      providers: [
        People,
        HashingLine,
        { provide: CREDENTIAL_TABLE, useFactory: openCredentialTable, inject: [Platform] },
        { provide: REALM_ACCESS, useFactory: () => readRealmAccess() },
        { provide: FIRST_ACCESS, useFactory: () => readFirstAccess() },
      ],
      components: [Credentials, NamesInMemory, Erasures, FirstAdministrator, RealmKeeper],
    }),
  ],
  controllers: [PersonController, AccountController, CredentialsController, DirectoryController],
})
export class IdentityModule {}

export const startIdentity = (platform: Platform): Promise<INestMicroservice> => startService('identity', IdentityModule, platform);

/** People of the demo whom anyone may sign in as, in the order given. */
export const introduceDemoPeople = (app: INestMicroservice, people: readonly DemoMark[]): Promise<void> =>
  app.get(Credentials, { strict: false }).markDemo(people);

/** A link for the first administrator's password, while there is none; registers that person where nobody administers. */
export const inviteFirstAdministrator = (app: INestMicroservice): Promise<string | undefined> =>
  app.get(FirstAdministrator, { strict: false }).link();
