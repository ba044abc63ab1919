import { Inject, Injectable } from '@nestjs/common';
import type { Collection } from '@ateneo/read-models';
import { type Component, RUNTIME, type ServiceRuntime } from '@ateneo/service-kit';
import { enrolments, type EnrolmentDocument } from './career-list.projection.js';

/** Text, trimmed, upper case, without leading zeros: adding or removing them is a known slip (services.md 4.7). */
export const comparable = (studentNumber: string): string => studentNumber.trim().toUpperCase().replace(/^0+(?=.)/, '');

/** Which enrolment has which student number; in memory only, for the numbers are personal and nowhere in clear. */
@Injectable()
export class StudentNumbers implements Component {
  readonly #enrolments: Collection<EnrolmentDocument>;
  readonly #byNumber = new Map<string, string>();
  #turn: Promise<unknown> = Promise.resolve();
  #stop: (() => void) | undefined;
  #stale = true;

  constructor(@Inject(RUNTIME) private readonly runtime: ServiceRuntime) {
    this.#enrolments = runtime.collection(enrolments);
  }

  start(): void {
    this.#stop = this.runtime.runner.onChange((changes) => {
      if (changes.length === 0) this.#stale = true;
    });
  }

  stop(): void {
    this.#stop?.();
  }

  /** One enrolment at a time, so that two never get the same number. */
  exclusively<T>(act: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(act);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  async isTaken(studentNumber: string, byOtherThan: string): Promise<boolean> {
    await this.#load();
    const holder = this.#byNumber.get(comparable(studentNumber));
    return holder !== undefined && holder !== byOtherThan;
  }

  remember(studentNumber: string, enrolmentId: string): void {
    this.#byNumber.set(comparable(studentNumber), enrolmentId);
  }

  async #load(): Promise<void> {
    if (!this.#stale) return;
    this.#stale = false;
    for (const { studentNumber, enrolmentId } of await this.#enrolments.find({})) this.#byNumber.set(comparable(studentNumber), enrolmentId);
  }
}
