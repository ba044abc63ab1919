import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { jetstreamManager } from '@nats-io/jetstream';
import { freePort, natsMissing, startNats } from '../../workspace/src/nats.mjs';
import { Depot, Reader, until, upTo } from '../conformance/depot.js';
import { serveReplay } from '../src/index.js';
import { connectNats } from '../src/nats/index.js';
import { joinOn, type NatsMember, type RunningServer } from './nats-server.js';

type Node = Awaited<ReturnType<typeof startNats>>;

/** Three servers that hold everything three times. */
class Cluster {
  readonly nodes: Node[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), 'ateneo-nats-cluster-'));
  #starts: (() => Promise<Node>)[] = [];

  async start(): Promise<void> {
    const ports = await Promise.all(upTo(6).map(() => freePort()));
    const routes = ports.slice(0, 3).map((port) => `nats://127.0.0.1:${port}`);
    this.#starts = routes.map((route, n) => () => {
      const args = ['-n', `node-${n}`, '-cluster_name', 'depot', '-cluster', route, '-routes', routes.join(',')];
      return startNats({ store: join(this.#folder, `node-${n}`), port: ports[3 + n], args });
    });
    this.nodes.push(...(await Promise.all(this.#starts.map((begin) => begin()))));
  }

  get url(): string {
    return `nats://${this.nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`;
  }

  /** As a process joins that knows all nodes. */
  join(name: string): Promise<NatsMember> {
    const { url } = this;
    return joinOn({ connect: (as: string) => connectNats({ url, name: as, timeoutMs: 5_000 }) } as RunningServer, name, { replicas: 3 });
  }

  async kill(n: number): Promise<void> {
    await this.nodes[n]!.stop('SIGKILL');
  }

  async revive(n: number): Promise<void> {
    this.nodes[n] = await this.#starts[n]!();
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop('SIGKILL')));
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

describe('the event bus on a NATS cluster of three', { skip: natsMissing() ?? false }, () => {
  const cluster = new Cluster();
  before(() => cluster.start());
  after(() => cluster.stop());

  test('the leader of the stream is killed under load, and each node after it: nothing is lost, nothing is reordered [arch:4]', async () => {
    const depot = await Depot.open();
    const [publishing, reading] = [await cluster.join('depot'), await cluster.join('reader')];
    serveReplay(publishing.bus, depot.publisher);
    publishing.eventBus.register(depot.publisher);
    const [all, part] = [new Reader(), new Reader()];
    reading.eventBus.subscribe(all.subscription('all'), all.handle);
    reading.eventBus.subscribe({ ...part.subscription('part'), partitions: upTo(31) }, part.handle);
    let [writing, written] = [true, 0];
    const writer = (async () => {
      for (; writing; written += 5) {
        await depot.fill(5);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    })();
    const leader = async () => {
      const { cluster: group } = await (await jetstreamManager(reading.link.raw)).streams.info('events-depot');
      assert.equal(group?.replicas?.length, 2);
      return Number(group.leader!.slice('node-'.length));
    };
    const progress = async () => {
      const before = all.events.length;
      await until(() => all.events.length > before + 50);
    };
    await progress();
    // a node that has just joined may not know the stream yet
    await until(async () => (await leader().catch(() => -1)) >= 0);
    const first = await leader();
    for (const n of [first, (first + 1) % 3, (first + 2) % 3]) {
      await cluster.kill(n);
      await progress();
      await cluster.revive(n);
      await until(async () => (await leader().catch(() => -1)) >= 0 && (await inStep(reading)));
    }
    writing = false;
    await writer;
    const wanted = (await depot.everything()).filter(({ partition }) => upTo(31).includes(partition));
    await until(() => all.events.length >= written && part.events.length >= wanted.length);
    assert.deepEqual([all.numbers, all.resets], [upTo(written), 0]);
    assert.deepEqual(part.events, wanted);
    await reading.close();
    await publishing.close();
    await depot.close();
  });
});

/** Whether every replica of the stream holds what its leader holds. */
async function inStep({ link }: NatsMember): Promise<boolean> {
  const { cluster: group } = await (await jetstreamManager(link.raw)).streams.info('events-depot');
  return (group?.replicas ?? []).every(({ current, offline }) => current && !offline);
}
