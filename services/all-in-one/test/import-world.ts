import 'reflect-metadata';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { cp, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { INestMicroservice } from '@nestjs/common';
import { CareerModule } from '@ateneo/career';
import {
  career,
  identity,
  logbook,
  type Operation,
  type Output,
  type RawInput,
  type RequirementSet,
  type Role,
  schoolNetwork,
} from '@ateneo/contracts';
import { uuidv7 } from '@ateneo/event-sourcing';
import { type Files, openFiles } from '@ateneo/files';
import { IdentityModule } from '@ateneo/identity';
import { LogbookModule } from '@ateneo/logbook';
import { ReportingModule } from '@ateneo/reporting';
import { SchoolNetworkModule } from '@ateneo/school-network';
import { type Actor, type Caller, openPlatform, type Platform, readPlatformConfig, startService } from '@ateneo/service-kit';
import { csv, type Row } from './import-csv.js';

export const newId = (): string => uuidv7(Date.now());
export const caller = (id: string, role: Role, schoolId: string | null): Caller => {
  const actor: Actor = {
    id,
    kind: 'person',
    locale: 'it',
    profiles: [{ profileId: newId(), role, schoolId, from: '2000-01-01', to: null }],
  };
  return { is: 'actor', actor };
};
const administrator = caller(newId(), 'administrator', null);
const IMPORT_MS = 400_000;
const LOOK_AGAIN_MS = 250;

/** Answers what `look` gives once it gives something; facts travel between services. */
export async function eventually<T>(look: () => Promise<T | undefined | false>, attempts = 300): Promise<T> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await pause(15);
  }
  throw new Error('it never came');
}

/** Identity, school network, career, logbook and reporting in one process, with one school, trainee, tutor and director. */
export class World {
  readonly ids = {
    school: newId(),
    cohort: newId(),
    unit: newId(),
    trainee: newId(),
    enrolment: newId(),
    tutor: newId(),
    director: newId(),
    secretary: newId(),
  };
  readonly secretary: Caller = caller(this.ids.secretary, 'school-secretariat', this.ids.school);
  #apps: INestMicroservice[] = [];
  platform!: Platform;
  files!: Files;

  private constructor(readonly folder: string) {}

  static async open(): Promise<World> {
    const world = new World(await mkdtemp(join(tmpdir(), 'ateneo-import-')));
    await world.start();
    try {
      await world.#fill();
    } catch (error) {
      await world.close();
      throw error;
    }
    return world;
  }

  async start(): Promise<void> {
    this.platform = await openPlatform(
      readPlatformConfig({ DATA_DIR: this.folder, SEED: 'empty', MASTER_KEY: 'ab'.repeat(32), LOG_LEVEL: 'error' }),
    );
    this.files = openFiles('file:', this.folder);
    for (const [name, module] of [
      ['identity', IdentityModule],
      ['school-network', SchoolNetworkModule],
      ['career', CareerModule],
      ['logbook', LogbookModule],
      ['reporting', ReportingModule],
    ] as const)
      this.#apps.push(await startService(name, module, this.platform));
  }

  async stop(): Promise<void> {
    for (const app of this.#apps.splice(0).reverse()) await app.close();
    await this.platform.close();
  }

  /** Starts again on what the folder holds at this moment, as after a kill: nothing of a stop is in it. */
  async kill(): Promise<void> {
    const killed = `${this.folder}.killed`;
    await cp(this.folder, killed, { recursive: true });
    await this.stop();
    await rm(this.folder, { recursive: true });
    await rename(killed, this.folder);
    await this.start();
  }

  async close(): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true });
  }

  ask<Op extends Operation>(operation: Op, input: RawInput<Op>, as: Caller = administrator, commandId?: string) {
    return this.platform.client.call(operation, input, as, { commandId, timeoutMs: 20_000 });
  }

  /** The answer; tries again while facts are still under way. */
  done<Op extends Operation>(operation: Op, input: RawInput<Op>, as?: Caller): Promise<Output<Op>> {
    let last: unknown;
    return eventually(async () => {
      const reply = await this.ask(operation, input, as);
      last = reply;
      return reply.ok && reply;
    }).then(
      ({ output }) => output,
      () => assert.fail(JSON.stringify(last)),
    );
  }

  async person(personId: string, role: Role, staffNumber: string | null = null): Promise<void> {
    await this.done(identity.registerPerson, {
      personId,
      username: `u.${personId}`,
      givenName: 'Ada',
      familyName: 'Prova',
      email: `${role}.${personId.slice(-6)}@ateneo.example`,
      staffNumber,
    });
    await this.done(identity.grantProfile, { personId, profileId: newId(), role, schoolId: this.ids.school, from: '2020-01-01' });
  }

  /** Another trainee of the school. */
  async enrol(studentNumber: string): Promise<string> {
    const traineeId = newId();
    await this.person(traineeId, 'trainee');
    await this.done(career.enrolTrainee, {
      enrolmentId: newId(),
      traineeId,
      schoolId: this.ids.school,
      cohortId: this.ids.cohort,
      studentNumber,
      contractStart: '2023-11-01',
    });
    return traineeId;
  }

  openWindow(from: string, to: string): Promise<unknown> {
    return this.done(schoolNetwork.openImportWindow, { windowId: newId(), schoolId: this.ids.school, from, to });
  }

  /** Uploads a CSV and waits for its dry run. */
  async check(text: string, as = this.secretary): Promise<Output<typeof logbook.showImport>> {
    const importId = newId();
    const { fileId } = await this.files.put(Buffer.from(text), { name: 'import.csv', type: 'text/csv' });
    await this.done(logbook.startImport, { importId, schoolId: this.ids.school, fileName: 'import.csv', fileId }, as);
    return this.checked(importId);
  }

  checked(importId: string): Promise<Output<typeof logbook.showImport>> {
    return this.#until(importId, ['checked', 'failed']);
  }

  async confirm(importId: string, onlyGood = false, as = this.secretary): Promise<Output<typeof logbook.showImport>> {
    await this.done(logbook.confirmImport, { importId, onlyGood }, as);
    return this.ended(importId);
  }

  ended(importId: string): Promise<Output<typeof logbook.showImport>> {
    return this.#until(importId, ['done', 'failed']);
  }

  async rows(importId: string): Promise<Output<typeof logbook.listImportRows>['rows']> {
    return (await this.done(logbook.listImportRows, { importId, size: 200 }, this.secretary)).rows;
  }

  /** Fates of a dry run, by external id. */
  async fates(rows: readonly Row[]): Promise<Map<string, Output<typeof logbook.listImportRows>['rows'][number]>> {
    const { importId, is, problem } = await this.check(csv(rows));
    assert.equal(is, 'checked', problem ?? '');
    return new Map((await this.rows(importId)).map((row) => [row.externalId, row]));
  }

  /** Checks and carries out; answers the fates as they came to be. */
  async import(rows: readonly Row[], onlyGood = false): Promise<Output<typeof logbook.listImportRows>['rows']> {
    const { importId } = await this.check(csv(rows));
    const { is, problem } = await this.confirm(importId, onlyGood);
    assert.equal(is, 'done', problem ?? '');
    return this.rows(importId);
  }

  entry(entryId: string | null | undefined) {
    return this.done(logbook.showEntry, { entryId: entryId ?? '' }, this.secretary).then(({ entry }) => entry);
  }

  /** Looks when the work on it has ended for now, and now and then: who looks all the time is a person about, for whom an import gives way. */
  async #until(importId: string, stages: readonly string[]) {
    let ended = () => {};
    const stop = this.platform.bus.onBroadcast('progress.logbook', (message) => {
      const { importId: of, progress } = message as { importId: string; progress?: unknown };
      if (of === importId && !progress) ended();
    });
    try {
      for (const until = performance.now() + IMPORT_MS; performance.now() < until;) {
        const told = new Promise<void>((resolve) => (ended = resolve));
        const shown = await this.done(logbook.showImport, { importId }, this.secretary);
        if (stages.includes(shown.is)) return shown;
        await Promise.race([told, pause(LOOK_AGAIN_MS)]);
      }
      throw new Error('the import did not end');
    } finally {
      stop();
    }
  }

  async #fill(): Promise<void> {
    const { school, cohort, unit, trainee, enrolment, tutor, director, secretary } = this.ids;
    const catalogue = JSON.parse(
      readFileSync(new URL('../../school-network/catalogues/requirement-sets.json', import.meta.url), 'utf8'),
    ) as { code: string; sets: RequirementSet[] }[];
    const named = (key: string, rank: number, it: string) => ({ key, rank, name: { it, en: key }, description: { it, en: key } });
    const levels = [named('support', 1, 'Attività di appoggio'), named('guided', 2, 'Collaborazione guidata')];
    const surgicalRoles = [
      { ...named('first-operator', 1, 'Primo operatore'), countsInCaseload: true },
      { ...named('second-operator', 2, 'Secondo operatore'), countsInCaseload: true },
    ];
    await this.done(schoolNetwork.registerUniversity, {
      universityId: newId(),
      name: { it: 'Università di Esempio', en: 'Example University' },
    });
    await this.done(schoolNetwork.defineAutonomyScale, { levels, surgicalRoles });
    await this.done(schoolNetwork.openSchool, {
      schoolId: school,
      code: 'GINE',
      name: { it: 'Ginecologia', en: 'Gynaecology' },
      area: 'surgical',
      years: 5,
    });
    for (const set of catalogue.find(({ code }) => code === 'GINE')?.sets ?? [])
      await this.done(schoolNetwork.publishRequirementSet, { schoolCode: 'GINE', set });
    await this.done(schoolNetwork.registerUnit, { unitId: unit, name: 'Ostetricia 2', city: 'Esempio' });
    await this.done(schoolNetwork.addUnitToNetwork, { schoolId: school, unitId: unit, siteType: 'main' });
    await this.done(schoolNetwork.openCohort, {
      cohortId: cohort,
      schoolId: school,
      label: '2023/2024',
      startsOn: '2023-11-01',
      coreSetId: 'GINE-402',
      supplementSetIds: [],
    });
    for (const [id, role, number] of [
      [trainee, 'trainee', null],
      [tutor, 'tutor', 'D0042'],
      [director, 'director', 'D0001'],
      [secretary, 'school-secretariat', null],
    ] as const)
      await this.person(id, role, number);
    await this.done(career.enrolTrainee, {
      enrolmentId: enrolment,
      traineeId: trainee,
      schoolId: school,
      cohortId: cohort,
      studentNumber: '0012345',
      contractStart: '2023-11-01',
    });
    await this.done(schoolNetwork.assignTutor, {
      assignmentId: newId(),
      schoolId: school,
      traineeId: trainee,
      tutorId: tutor,
      from: '2024-01-01',
      to: '2025-12-31',
    });
    await this.#known();
  }

  /** Until the logbook knows trainee, assignment and staff. */
  async #known(): Promise<void> {
    await eventually(async () => {
      const fates = await this.fates([
        { state: 'validated', validator: 'D0042' },
        { external_id: 'p', kind: 'past', state: 'validated', validator: 'D0001', unit: 'Ostetricia 2' },
      ]);
      return [...fates.values()].every(({ fate, code }) => fate === 'new-as-submitted' && code === 'import-window-closed');
    });
  }
}
