import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { identity } from '@ateneo/contracts';
import type { Refusal } from '@ateneo/event-sourcing';
import { type Component, type Done, RUNTIME, type ServiceRuntime } from '@ateneo/service-kit';
import { Credentials } from '../credentials/credentials.client.js';
import { directoryCollection } from '../directory/directory.projection.js';
import { person } from '../person/person.decider.js';

/** All that must have answered before an erasure is complete. */
const HOLDERS = ['identity', ...identity.NAME_HOLDERS];

/** Carries erasures out here: key and credentials go, the register stays; and gathers what the other services answer. */
@Injectable()
export class Erasures implements Component {
  constructor(
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(Credentials) private readonly credentials: Credentials,
  ) {}

  /** An erasure that was announced before a crash is carried out now. */
  async start(): Promise<void> {
    const register = new Set(this.runtime.keys.erased());
    const erased = await this.runtime.collection(directoryCollection).find({ where: { erased: 1 } });
    for (const { personId } of erased) if (!register.has(personId)) await this.carryOut(personId);
  }

  /** Safe to repeat. */
  async carryOut(personId: string): Promise<void> {
    this.credentials.forget(personId);
    await this.runtime.keys.destroy(personId);
    await this.confirm(personId, 'identity');
  }

  confirm(personId: string, service: string): Promise<Done | Refusal> {
    return this.runtime.runAs(
      'gather-erasure-answers',
      person,
      personId,
      { type: 'ConfirmForgotten', service, awaited: HOLDERS },
      undefined,
      { correlationId: randomUUID() },
    );
  }
}
