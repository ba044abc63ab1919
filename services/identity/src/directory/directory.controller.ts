import { Controller } from '@nestjs/common';
import { identity, type Output } from '@ateneo/contracts';
import { isUuid, reject } from '@ateneo/event-sourcing';
import { actorIdOf, Handles, Platform, type Request } from '@ateneo/service-kit';
import { accountIdOf, clientIdOf } from '../account/account.decider.js';
import { Credentials } from '../credentials/credentials.client.js';
import { People } from '../person/people.lookup.js';
import { type Person, profilesOn } from '../person/person.decider.js';
import { NamesInMemory } from './names-in-memory.lookup.js';

type Actor = NonNullable<Output<typeof identity.findActor>['actor']>;
const NOBODY = { actor: null };

@Controller()
export class DirectoryController {
  constructor(
    private readonly platform: Platform,
    private readonly people: People,
    private readonly credentials: Credentials,
    private readonly directory: NamesInMemory,
  ) {}

  @Handles(identity.showMe)
  async me(request: Request<typeof identity.showMe>) {
    const state = await this.people.person(actorIdOf(request));
    if (state.is !== 'known') return reject('person-not-found');
    return {
      personId: state.personId,
      ...state.details,
      locale: state.locale,
      profiles: profilesOn(state, this.platform.clock.today()),
      erased: false,
    };
  }

  @Handles(identity.listPeople)
  async list({ input: { search, role, page, size } }: Request<typeof identity.listPeople>) {
    const found = await this.directory.find({ search, role });
    return { total: found.length, people: found.slice((page - 1) * size, page * size) };
  }

  /** By person id, by client id of a service account, or by user name, which a realm elsewhere knows people by. */
  @Handles(identity.findActor)
  async findActor({ input: { subject } }: Request<typeof identity.findActor>): Promise<Output<typeof identity.findActor>> {
    const accountId = accountIdOf(subject);
    if (accountId !== undefined) return this.#account(accountId);
    const personId = isUuid(subject) ? subject : await this.credentials.personNamed(subject);
    const state = personId === undefined ? undefined : await this.people.person(personId);
    if (state?.is !== 'known') return NOBODY;
    return {
      actor: {
        id: state.personId,
        kind: 'person',
        profiles: profilesOn(state, this.platform.clock.today()),
        locale: state.locale,
        name: `${state.details.givenName} ${state.details.familyName}`,
      },
      signIns: await this.credentials.passwordChanges(state.personId),
    };
  }

  @Handles(identity.names)
  async names({ input: { personIds } }: Request<typeof identity.names>) {
    const people: Output<typeof identity.names>['people'] = {};
    for (const personId of personIds) people[personId] = detailsOf(await this.people.person(personId));
    return { people };
  }

  @Handles(identity.listDemoPeople)
  async demoPeople(): Promise<Output<typeof identity.listDemoPeople>> {
    if (!this.platform.demo) return { people: [] };
    const marks = await this.credentials.demoMarks();
    const states = await Promise.all(marks.map(({ personId }) => this.people.person(personId)));
    const people = marks.flatMap(({ personId, role, note }, i) => {
      const state = states[i];
      return state?.is === 'known'
        ? [
            {
              personId,
              username: state.username,
              name: `${state.details.givenName} ${state.details.familyName}`,
              role: role as Actor['profiles'][number]['role'],
              note,
            },
          ]
        : [];
    });
    return { people };
  }

  async #account(accountId: string): Promise<{ actor: Actor | null }> {
    const state = await this.people.account(accountId);
    if (state.is !== 'active') return NOBODY;
    const profile = { profileId: accountId, role: 'integration' as const, schoolId: state.schoolId, from: state.from, to: null };
    return { actor: { id: clientIdOf(accountId), kind: 'service-account', profiles: [profile], locale: 'it', name: state.name } };
  }
}

const detailsOf = (state: Person): Output<typeof identity.names>['people'][string] => (state.is === 'known' ? state.details : null);
