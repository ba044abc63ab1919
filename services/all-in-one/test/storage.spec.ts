import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { after, before, describe, test } from 'node:test';
import { logbook, reporting } from '@ateneo/contracts';
import type { SqliteEventStore } from '@ateneo/event-sourcing';
import { AllInOne } from '../src/all-in-one.module.js';
import { fillUp, isMounted } from './small-disk.js';
import { commandLine, RunningPlatform } from './running-platform.js';
import { anEntry, newId, type Trainee } from './small-world.js';

type Problem = { readonly status: number; readonly code: string; readonly title: string };
type Http = Awaited<ReturnType<RunningPlatform['http']>>;

describe('storage that fails', () => {
  let platform: RunningPlatform;
  let trainee: Trainee;
  before(async () => {
    platform = await RunningPlatform.start({ demo: true });
    trainee = platform.world.schools[0].trainees[0] as Trainee;
  });
  after(() => platform.close());

  const record = (http: Http, note = '') => http('POST', '/logbook/entries', anEntry(newId(), { note }));
  /** Text that no page of the file can take in between others. */
  const longNote = () =>
    randomBytes(700)
      .toString('hex')
      .replace(/./g, (digit) => 'abcdefghilmnopqr'[Number.parseInt(digit, 16)] as string);
  const isRefused = ({ status, type, body }: Awaited<ReturnType<Http>>) => {
    assert.deepEqual(
      [status, type, (body as Problem).status, (body as Problem).code],
      [503, 'application/problem+json; charset=utf-8', 503, 'storage-unavailable'],
    );
  };
  const loggedBy = async (http: Http) => ((await http('GET', '/logbook/entries?size=1')).body as { total: number }).total;

  test('a full disk refuses commands as a problem, answers queries, and takes commands again without a hand once there is room', async () => {
    const http = await platform.http(trainee.username);
    const store = platform.running.runtime('logbook')?.store as SqliteEventStore;
    await store.limit(1);
    let taken = 0;
    let answer = await record(http, longNote());
    for (; answer.status === 200 && taken < 500; taken++) answer = await record(http, longNote());
    isRefused(answer);
    isRefused(await record(http, longNote()));
    await platform.running.settled();
    assert.equal(await loggedBy(http), taken);
    assert.equal((await http('GET', `/trainees/${trainee.personId}/counters`)).status, 200);
    await store.limit();
    assert.equal((await record(http, longNote())).status, 200);
    const { code, complained } = await platform.ateneo('check');
    assert.deepEqual([code, complained], [0, []]);
  });

  test('a report run whose files have no place waits until they have one and then ends, every report made [issue8:4]', async () => {
    const secretary = await platform.http(platform.world.schools[0].secretary.username);
    const [runId, { schoolId, trainees }] = [newId(), platform.world.schools[0]];
    const files = join(platform.data, 'files');
    await rm(files, { recursive: true, force: true });
    await writeFile(files, '');
    const asked = { runId, schoolId, traineeIds: trainees.map(({ personId }) => personId) };
    assert.equal((await secretary('POST', '/report-runs', asked)).status, 200);
    const shown = async () => (await secretary('GET', `/report-runs/${runId}`)).body as { is: string; done: number; failed: number };
    const until = async (isSo: () => boolean | Promise<boolean>) => {
      for (let looked = 0; looked < 600 && !(await isSo()); looked++) await pause(50);
    };
    await until(() => platform.running.platform.voice.of('reporting').some(({ part }) => part === 'report'));
    await rm(files);
    await until(async () => (await shown()).is !== 'running');
    const { is, done, failed } = await shown();
    assert.deepEqual([is, done, failed], ['done', trainees.length, 0]);
  });

  test('a second process on the same folder is refused with one sentence and exit code 1', async () => {
    const second = await runMain({ ...platform.environment, PORT: '0' });
    assert.deepEqual(second, { code: 1, printed: `The data folder ${platform.data} is in use by another process.\n` });
    const rebuilt = await platform.ateneo('rebuild', 'logbook.entry-list');
    assert.deepEqual([rebuilt.code, rebuilt.complained], [1, [`The data folder ${platform.data} is in use by another process.`]]);
  });

  test('a disk that fills up under the whole folder refuses, stays readable, and recovers', async (t) => {
    const disk = join(platform.folder, 'small-disk');
    await mkdir(disk);
    if (!isMounted('-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', disk)) return t.skip('this process may not mount a file system');
    try {
      const small = await RunningPlatform.start({ demo: true, environment: { DATA_DIR: join(disk, 'data') } });
      try {
        const own = small.world.schools[0].trainees[0] as Trainee;
        const http = await small.http(own.username);
        assert.equal((await record(http)).status, 200);
        await small.running.settled();
        await fillUp(disk);
        let answer = await record(http, longNote());
        let taken = 1;
        for (; answer.status === 200 && taken < 3_000; taken++) answer = await record(http, longNote());
        isRefused(answer);
        assert.equal((await http('GET', `/trainees/${own.personId}/counters`)).status, 200);
        await rm(join(disk, 'filler'));
        const last = newId();
        assert.equal((await http('POST', '/logbook/entries', anEntry(last))).status, 200);
        await small.running.settled();
        assert.equal(await loggedBy(http), taken + 1);
        assert.equal((await small.ateneo('check')).code, 0);
      } finally {
        await small.close();
      }
    } finally {
      execFileSync('umount', ['-l', disk]);
    }
  });

  test('a folder that can only be read is refused at the start with one sentence, and serves again once it can be written', async (t) => {
    const place = join(platform.folder, 'read-only');
    await mkdir(place);
    if (!isMounted('-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', place)) return t.skip('this process may not mount a file system');
    try {
      const small = await RunningPlatform.start({ demo: true, environment: { DATA_DIR: join(place, 'data') } });
      try {
        const own = small.world.schools[0].trainees[0] as Trainee;
        assert.ok(await small.done(logbook.recordEntry, anEntry(newId()), own.caller));
        await small.stop();
        assert.ok(isMounted('-o', 'remount,ro', place));
        const refused = await runMain({ ...small.environment, PORT: '0' });
        assert.equal(refused.code, 1);
        assert.match(refused.printed, /^The data folder .* cannot be written: .*\n$/);
        assert.equal(
          (await commandLine({ ...small.environment, DATA_DIR: join(place, 'data') }, 'backup', join(small.folder, 'x'))).code,
          1,
        );
        assert.ok(isMounted('-o', 'remount,rw', place));
        await small.open();
        assert.ok(await small.done(logbook.recordEntry, anEntry(newId()), own.caller));
        assert.equal((await small.done(reporting.showCounters, { traineeId: own.personId }, own.caller)).traineeId, own.personId);
      } finally {
        await small.close();
      }
    } finally {
      execFileSync('umount', ['-l', place]);
    }
  });
});

describe('a start that cannot be', () => {
  const wrong: readonly (readonly [string, string, RegExp])[] = [
    ['PORT', 'eighty', /^PORT holds "eighty": it may hold a port number, 0 to 65535$/m],
    ['SEED', 'full', /^SEED holds "full": it may hold demo or empty$/m],
    ['PUBLIC_URL', 'ftp://x', /^PUBLIC_URL holds "ftp:\/\/x": it may hold an http or https address$/m],
    ['MASTER_KEY', 'secret', /^MASTER_KEY holds a value that is not shown: it may hold 32 bytes in hexadecimal or base64$/m],
    [
      'EVENT_STORE_URL',
      'postgres://x',
      /^EVENT_STORE_URL holds "postgres:\/\/x": it may start with sqlite:, kurrentdb:\/\/, esdb:\/\/, bus:$/m,
    ],
    ['BUS_URL', 'amqp://me:hidden@x', /^BUS_URL holds "amqp:\/\/…@x": it may start with memory:, nats:\/\/, tls:\/\/$/m],
    ['OIDC_ISSUER', 'keycloak', /^OIDC_ISSUER holds "keycloak": it may hold embedded or a realm's address$/m],
    ['LOG_LEVEL', 'loud', /^LOG_LEVEL holds "loud": it may hold debug, info, warn, error or silent$/m],
  ];
  for (const [name, value, message] of wrong) {
    test(`names ${name}, what it holds and what it may hold [arch:6]`, async () => {
      const { code, printed } = await runMain({ [name]: value, DATA_DIR: '/nonexistent/never' });
      assert.equal(code, 1);
      assert.match(printed, message);
      assert.equal(printed.trim().split('\n').length, 1);
    });
  }

  test('several wrong variables are named at once, and the folder is left alone', async () => {
    const { printed } = await runMain({ PORT: 'x', SEED: 'y', DATA_DIR: '/nonexistent/never' });
    assert.equal(printed.trim().split('\n').length, 2);
    await assert.rejects(readdir('/nonexistent'));
  });

  test('a folder started empty never becomes a demo, nor the other way round', async () => {
    const empty = await RunningPlatform.start();
    await empty.stop();
    await assert.rejects(
      AllInOne.start({ ...empty.environment, SEED: 'demo' }),
      /SEED holds "demo", but the folder .* was started as "empty"/,
    );
    await empty.close();
  });
});

/** The program in a process of its own, from source. */
async function runMain(environment: Readonly<Record<string, string | undefined>>): Promise<{ code: number | null; printed: string }> {
  const root = join(import.meta.dirname, '../../..');
  const child = spawn(
    process.execPath,
    ['--conditions=source', '--import', join(root, 'libs/workspace/src/swc-hook.mjs'), join(root, 'services/all-in-one/src/main.ts')],
    { cwd: root, env: { PATH: process.env['PATH'], ...environment }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const late = setTimeout(() => child.kill('SIGKILL'), 30_000);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(late);
  return { code, printed };
}
