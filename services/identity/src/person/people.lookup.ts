import { Injectable } from '@nestjs/common';
import { load } from '@ateneo/event-sourcing';
import { ServiceRuntime } from '@ateneo/service-kit';
import { type Account, account } from '../account/account.decider.js';
import { type Person, person } from './person.decider.js';

/** People and accounts as they are now, folded from their streams: who signs in must not meet yesterday's profiles. */
@Injectable()
export class People {
  constructor(private readonly runtime: ServiceRuntime) {}

  async person(personId: string): Promise<Person> {
    return (await load(person, personId, this.runtime)).state;
  }

  async account(accountId: string): Promise<Account> {
    return (await load(account, accountId, this.runtime)).state;
  }
}
