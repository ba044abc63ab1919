import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, test, type TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { freePort, natsMissing, startNats } from '../../workspace/src/nats.mjs';
import { pauseProcess } from '../../workspace/src/pause-process.mjs';
import { startToxiproxy, toxiproxyMissing } from '../../workspace/src/toxiproxy.mjs';
import { unitsOf, within } from '../conformance/leases.conformance.js';
import { createNatsLeases } from '../src/nats/nats-leases.js';

const skip = natsMissing() ?? false;
const SESSION_MS = 2_000;
const UNITS = 8;

type Said = {
  readonly did: 'joined' | 'gained' | 'lost' | 'work';
  readonly at: number;
  readonly unit?: string;
  readonly fence?: number;
  readonly held?: number;
};
type Instance = { readonly process: ChildProcess; readonly said: Said[]; held(): Map<string, number> };

async function start(t: TestContext, url: string, instance: string): Promise<Instance> {
  const hook = fileURLToPath(new URL('../../workspace/src/swc-hook.mjs', import.meta.url));
  const script = fileURLToPath(new URL('leases-instance.ts', import.meta.url));
  const args = ['--conditions=source', '--import', hook, script, url, instance, String(UNITS), String(SESSION_MS)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  const said: Said[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => said.push(JSON.parse(line) as Said));
  const held = () => {
    const units = new Map<string, number>();
    for (const { did, unit, fence } of said)
      if (did === 'gained') units.set(unit!, fence!);
      else if (did === 'lost') units.delete(unit!);
    return units;
  };
  await within(
    20_000,
    () => said.length,
    (count) => count > 0,
  );
  return { process: child, said, held };
}

const sizes = (...instances: Instance[]) => instances.map((instance) => instance.held().size).join();

/** Fences of a unit rise with whoever gains it, over all instances. */
function assertRising(...instances: Instance[]): void {
  const gained = instances
    .flatMap(({ said }) => said.filter(({ did }) => did === 'gained'))
    .sort((a, b) => a.at - b.at || a.fence! - b.fence!);
  for (const unit of unitsOf(UNITS)) {
    const fences = gained.filter((each) => each.unit === unit).map(({ fence }) => fence!);
    assert.deepEqual(
      fences,
      [...fences].sort((a, b) => a - b),
      unit,
    );
    assert.equal(new Set(fences).size, fences.length, unit);
  }
}

describe('leases: NATS, faults', { skip, concurrency: 2 }, () => {
  test('the units of a killed process are held by another within 10 s [arch:5]', async (t) => {
    const server = await startNats();
    t.after(() => server.stop('SIGKILL'));
    const [a, b] = [await start(t, server.url, 'a'), await start(t, server.url, 'b')];
    await within(
      10_000,
      () => sizes(a, b),
      (now) => now === '4,4',
    );
    b.process.kill('SIGKILL');
    const took = await within(
      10_000,
      () => a.held().size,
      (count) => count === UNITS,
    );
    t.diagnostic(`moved within ${Math.round(took)} ms`);
    assertRising(a, b);
  });

  test('a paused process loses its units, and knows when it wakes before it does anything else [arch:5]', async (t) => {
    const server = await startNats();
    t.after(() => server.stop('SIGKILL'));
    const [a, b] = [await start(t, server.url, 'a'), await start(t, server.url, 'b')];
    await within(
      10_000,
      () => sizes(a, b),
      (now) => now === '4,4',
    );
    const [before, units] = [b.said.length, [...b.held()]];
    await pauseProcess(b.process.pid as number);
    const took = await within(
      10_000,
      () => a.held().size,
      (count) => count === UNITS,
    );
    t.diagnostic(`moved within ${Math.round(took)} ms`);
    for (const [unit, fence] of units) assert.ok(a.held().get(unit)! > fence, unit);
    await pause(SESSION_MS);
    const woken = Date.now();
    b.process.kill('SIGCONT');
    // it may take part again before anybody looks
    const sinceWoken = () => b.said.slice(before).filter(({ at }) => at >= woken);
    const ended = () => sinceWoken().filter(({ did }) => did === 'lost');
    await within(
      5_000,
      () => ended().length,
      (count) => count >= units.length,
    );
    const [after, lost] = [sinceWoken(), ended().map(({ at }) => at - woken)];
    t.diagnostic(`lost ${Math.max(...lost.slice(0, units.length))} ms after waking`);
    const [regained, worked] = [after.findIndex(({ did }) => did === 'gained'), after.findIndex(({ held }) => (held ?? 0) > 0)];
    assert.ok(worked === -1 || (regained !== -1 && regained < worked), 'worked on what it held before it slept');
    await within(
      10_000,
      () => sizes(a, b),
      (now) => now === '4,4',
    );
    assertRising(a, b);
  });

  test('a server that is gone for longer than a session: everything is lost in time, and shared anew afterwards with higher fences [arch:5]', async (t) => {
    const store = await mkdtemp(join(tmpdir(), 'leases-'));
    t.after(() => rm(store, { recursive: true, force: true, maxRetries: 5 }));
    const port = await freePort();
    let server = await startNats({ store, port });
    t.after(() => server.stop('SIGKILL'));
    const [a, b] = [await start(t, server.url, 'a'), await start(t, server.url, 'b')];
    await within(
      10_000,
      () => sizes(a, b),
      (now) => now === '4,4',
    );
    const highest = Math.max(...a.held().values(), ...b.held().values());
    await server.stop('SIGKILL');
    await within(
      SESSION_MS + 1_000,
      () => sizes(a, b),
      (now) => now === '0,0',
    );
    server = await startNats({ store, port });
    const took = await within(
      10_000,
      () => sizes(a, b),
      (now) => now === '4,4',
    );
    t.diagnostic(`shared anew within ${Math.round(took)} ms`);
    assert.ok(Math.min(...a.held().values(), ...b.held().values()) > highest);
    assertRising(a, b);
  });

  test('a server that restarts within a session: whatever was held stays or moves, and all is held in the end [arch:5]', async (t) => {
    const store = await mkdtemp(join(tmpdir(), 'leases-'));
    t.after(() => rm(store, { recursive: true, force: true, maxRetries: 5 }));
    const port = await freePort();
    let server = await startNats({ store, port });
    t.after(() => server.stop('SIGKILL'));
    const [a, b] = [await start(t, server.url, 'a'), await start(t, server.url, 'b')];
    await within(
      10_000,
      () => sizes(a, b),
      (now) => now === '4,4',
    );
    const lost = () => [...a.said, ...b.said].filter(({ did }) => did === 'lost').length;
    const before = lost();
    await server.stop('SIGKILL');
    server = await startNats({ store, port });
    await pause(2 * SESSION_MS);
    t.diagnostic(`${lost() - before} units moved`);
    await within(
      10_000,
      () => sizes(a, b),
      (now) => now === '4,4',
    );
    await start(t, server.url, 'c').then((c) =>
      within(
        10_000,
        () => sizes(a, b, c).split(',').sort().join(),
        (now) => now === '2,3,3',
      ),
    );
    assertRising(a, b);
  });

  test(
    'an instance whose connection is mute loses all, and shares again when it speaks [arch:5]',
    { skip: toxiproxyMissing() },
    async (t) => {
      const server = await startNats();
      t.after(() => server.stop('SIGKILL'));
      const toxiproxy = await startToxiproxy();
      t.after(() => toxiproxy.stop());
      const proxy = await toxiproxy.proxy(`127.0.0.1:${server.port}`);
      const [a, b] = [await start(t, server.url, 'a'), await start(t, `nats://${proxy.address}`, 'b')];
      await within(
        10_000,
        () => sizes(a, b),
        (now) => now === '4,4',
      );
      const speak = [await proxy.add('timeout', { timeout: 0 }, 'upstream'), await proxy.add('timeout', { timeout: 0 }, 'downstream')];
      const took = await within(
        10_000,
        () => sizes(a, b),
        (now) => now === '8,0',
      );
      t.diagnostic(`moved within ${Math.round(took)} ms`);
      for (const restore of speak) await restore();
      await within(
        15_000,
        () => sizes(a, b),
        (now) => now === '4,4',
      );
      assertRising(a, b);
    },
  );

  test('a cluster of three that loses its leader: all is held again, by higher fences where it moved [arch:5]', async (t) => {
    const ports = await Promise.all([freePort(), freePort(), freePort()]);
    const routes = await Promise.all([freePort(), freePort(), freePort()]);
    const list = routes.map((port) => `nats://127.0.0.1:${port}`).join(',');
    const servers = await Promise.all(
      ports.map((port, index) =>
        startNats({
          port,
          args: ['--name', `n${index}`, '--cluster_name', 'c', '--cluster', `nats://127.0.0.1:${routes[index]}`, '--routes', list],
        }),
      ),
    );
    t.after(() => Promise.all(servers.map((server) => server.stop('SIGKILL'))));
    const connection = await connect({ servers: servers.map(({ url }) => url), maxReconnectAttempts: -1, reconnectTimeWait: 100 });
    t.after(() => connection.close());
    const moved: string[] = [];
    const fences = new Map<string, number[]>();
    const open = async (instance: string) => {
      const leases = await createNatsLeases(connection, { instance, service: 'depot', sessionMs: SESSION_MS, replicas: 3 });
      t.after(() => leases.close());
      return leases.share({
        group: 'boxes',
        units: unitsOf(UNITS),
        gained: async (unit, fence) => void fences.set(unit, [...(fences.get(unit) ?? []), fence]),
        lost: async (unit) => void moved.push(unit),
      });
    };
    await within(
      20_000,
      () =>
        jetstreamManager(connection).then(
          (manager) =>
            manager.getAccountInfo().then(
              () => true,
              () => false,
            ),
          () => false,
        ),
      (ready) => ready,
    );
    const [a, b] = [await open('a'), await open('b')];
    const now = () => [a, b].map((shared) => shared.held().size).join();
    await within(10_000, now, (held) => held === '4,4');
    const { cluster } = await (await jetstreamManager(connection)).streams.info('KV_leases-depot');
    const before = moved.length;
    await servers[Number(cluster!.leader!.slice(1))]!.stop('SIGKILL');
    await pause(SESSION_MS);
    const took = await within(20_000, now, (held) => held === '4,4');
    t.diagnostic(`held again within ${Math.round(took + SESSION_MS)} ms, ${moved.length - before} units lost meanwhile`);
    for (const [unit, all] of fences)
      assert.ok(
        all.every((fence, index) => index === 0 || fence > all[index - 1]!),
        `${unit}: ${all.join()}`,
      );
  });

  test('an instance under a name that still lives waits, and disturbs nobody [arch:5]', async (t) => {
    const server = await startNats();
    t.after(() => server.stop('SIGKILL'));
    const a = await start(t, server.url, 'a');
    await within(
      10_000,
      () => a.held().size,
      (count) => count === UNITS,
    );
    const connection = await connect({ servers: server.url });
    t.after(() => connection.close());
    const problems: string[] = [];
    const second = await createNatsLeases(connection, {
      instance: 'a',
      service: 'depot',
      sessionMs: SESSION_MS,
      onProblem: (problem) => problems.push(problem),
    });
    const shared = await second.share({
      group: 'boxes',
      units: unitsOf(UNITS),
      gained: async () => undefined,
      lost: async () => undefined,
    });
    await pause(2 * SESSION_MS);
    assert.deepEqual([a.held().size, shared.held().size, problems], [UNITS, 0, ['another session of a is not over']]);
    a.process.kill('SIGKILL');
    await within(
      10_000,
      () => shared.held().size,
      (count) => count === UNITS,
    );
    await second.close();
  });
});
