import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { career, subjectOf } from '@ateneo/contracts';
import { AwayError, onStored } from '@ateneo/event-sourcing';
import { requestPage } from '@ateneo/messaging';
import { type CollectionSpec, documentsOf, projection, reaction } from '@ateneo/read-models';
import { openPlatform } from '../src/platform.js';
import { readPlatformConfig } from '../src/platform.config.js';
import { startReactions } from '../src/service-reactions.js';
import { openRuntime, startRuntime } from '../src/service-assembly.js';
import type { ServiceDefinition } from '../src/service-definition.js';
import { loan } from './loan.js';

/** What fails here, once each: the service is assembled by the kit and told of no problem by anything but it. */
const once = new Set(['publisher', 'follower', 'projection', 'reaction', 'leases']);
const fail = (part: string): void => {
  if (once.delete(part)) throw part === 'reaction' ? new AwayError('reaction is away') : new Error(`${part} is broken`);
};

const loans: CollectionSpec<{ id: string }> = { name: 'loans', version: 1, columns: {} };
const lent = projection({
  name: 'library.loans',
  version: 1,
  parts: [documentsOf(loans, { on: onStored(loan, { BookBorrowed: ({ stream }) => ({ id: stream }) }) })],
});
const published = () => (fail('publisher'), { type: 'library.book-borrowed.v1', data: {} });
const definition: ServiceDefinition = {
  name: 'library',
  aggregates: [{ decider: loan, published }],
  projections: [lent],
  mappingVersion: 1,
};
const acted: string[] = [];
const whenBookBorrowedThenRemind = reaction<object>({
  name: 'when-book-borrowed-then-remind',
  on: onStored(loan, { BookBorrowed: async ({ stream }) => (fail('reaction'), void acted.push(stream)) }),
});
const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  for (let turn = 0; turn < 600 && !(await holds()); turn += 1) await new Promise((resolve) => setTimeout(resolve, 25));
  assert.ok(await holds(), holds.toString());
};

const folder = await mkdtemp(join(tmpdir(), 'ateneo-voice-'));
const platform = await openPlatform(
  readPlatformConfig({ DATA_DIR: folder, SEED: 'empty', MASTER_KEY: 'ab'.repeat(32), LOG_LEVEL: 'info' }),
);
const runtime = await openRuntime(definition, platform);
const openBuild = runtime.readModels.openBuild.bind(runtime.readModels);
runtime.readModels.openBuild = async (...args) => {
  const build = await openBuild(...args);
  const commit = build.commit.bind(build);
  build.commit = async (what) => {
    if (what.documents.length > 0) fail('projection');
    await commit(what);
  };
  return build;
};
await startRuntime(runtime);
const stopReactions = await startReactions(runtime, [whenBookBorrowedThenRemind], {});
let begun = false;
const giveUp = await runtime.alone('sweeping', { start: () => (fail('leases'), void (begun = true)) });
const cause = { actor: { id: 'system:library/test', kind: 'system' as const }, correlationId: 'of-the-loan', context: undefined };
await runtime.commands.handle(loan, '0198c0de-0000-7000-8000-000000000001', { type: 'BorrowBook' }, cause);
const stopServing = platform.bus.serve(subjectOf(career.showCareer), 'career', () => {
  throw new Error('operation is broken');
});
await platform.client.call(
  career.showCareer,
  { traineeId: '0198c0de-0000-7000-8000-000000000002' },
  { is: 'service', service: 'library' },
  { correlationId: 'of-the-call' },
);
await until(async () => (await requestPage(platform.bus, 'library', 0)).events.length === 1);
const followed: string[] = [];
const following = platform.eventBus.subscribe(
  { consumer: 'library.reader', types: ['library.book-borrowed.v1'], from: () => undefined, onReset: async () => undefined },
  async ({ events }) => (fail('follower'), void followed.push(...events.map(({ type }) => type))),
);
await until(() => acted.length === 1 && begun && followed.length === 1);
await runtime.runner.caughtUp();
await until(() => platform.voice.of('library').every(({ goesOn }) => !goesOn));
process.stdout.write(JSON.stringify({ left: [...once], metrics: await platform.metrics.registry.metrics() }));
stopServing();
await following.stop();
await giveUp();
await stopReactions();
await runtime.close();
await platform.close();
await rm(folder, { recursive: true, maxRetries: 3 });
