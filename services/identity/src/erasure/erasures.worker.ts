import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { NAME_HOLDERS } from '@ateneo/contracts';
import type { Refusal } from '@ateneo/event-sourcing';
import { accepted, type Accepted, type Component, ServiceRuntime } from '@ateneo/service-kit';
import { Credentials } from '../credentials/credentials.client.js';
import { directoryCollection } from '../directory/directory.projection.js';
import { People } from '../person/people.lookup.js';
import { person } from '../person/person.decider.js';

/** All that must have answered before an erasure is complete. */
const HOLDERS = ['identity', ...NAME_HOLDERS];

/** Carries erasures out here: key and credentials go, the register stays; and gathers what the other services answer. */
@Injectable()
export class Erasures implements Component {
  constructor(
    private readonly runtime: ServiceRuntime,
    private readonly credentials: Credentials,
    private readonly people: People,
  ) {}

  /** An erasure that was announced before a crash is carried out now; one that a restored backup does not know is announced again. */
  async start(): Promise<void> {
    const register = new Set(this.runtime.keys.erased());
    const announced = new Set(
      (await this.runtime.collection(directoryCollection).find({ where: { erased: 1 } })).map(({ personId }) => personId),
    );
    for (const personId of announced) if (!register.has(personId)) await this.carryOut(personId);
    for (const personId of register) if (!announced.has(personId)) await this.#announce(personId);
  }

  async #announce(personId: string): Promise<void> {
    if ((await this.people.person(personId)).is !== 'known') return;
    await this.runtime.runAs(
      'apply-register-of-erasures',
      person,
      personId,
      { type: 'ErasePerson', protocol: null },
      {
        correlationId: randomUUID(),
      },
    );
    await this.carryOut(personId);
  }

  /** Safe to repeat. */
  async carryOut(personId: string): Promise<void> {
    await this.credentials.forget(personId);
    await this.runtime.keys.destroy(personId);
    await this.confirm(personId, 'identity');
  }

  async confirm(personId: string, service: string): Promise<Accepted | Refusal> {
    const command = { type: 'ConfirmForgotten' as const, service, awaited: HOLDERS };
    return accepted(await this.runtime.runAs('gather-erasure-answers', person, personId, command, { correlationId: randomUUID() }));
  }
}
