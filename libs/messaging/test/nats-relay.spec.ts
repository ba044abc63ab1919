import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { natsMissing } from '../../workspace/src/nats.mjs';
import { Depot, type Network, Reader, until, upTo } from '../conformance/depot.js';
import { type PublicEvent, serveReplay } from '../src/index.js';
import { EventStream } from '../src/nats/event-stream.js';
import { Flight, StreamMovedError } from '../src/nats/flight.js';
import { joinOn, type NatsMember, networkOn, type RunningServer, runServer } from './nats-server.js';

const STREAM = 'events-depot';

describe('the relay from a store to its stream', { skip: natsMissing() ?? false }, () => {
  let server: RunningServer;
  let network: Network;
  let depot: Depot;
  let manager: JetStreamManager;
  const members: NatsMember[] = [];
  const join = async (name: string, streams?: { maxAgeMs?: number }) => {
    members.push(await joinOn(server, name, streams));
    return members.at(-1)!;
  };
  before(async () => (server = await runServer()));
  after(() => server.stop());
  beforeEach(async () => {
    network = await networkOn(server);
    depot = await Depot.open();
    manager = await jetstreamManager((await join('observer')).link.raw);
  });
  afterEach(async () => {
    for (const member of members.splice(0)) await member.close();
    await depot.close();
    await network.close();
  });

  const state = async () => (await manager.streams.list().next()).find(({ config }) => config.name === STREAM)?.state;
  const held = async () => (await state())?.messages ?? 0;
  async function messages() {
    const { state } = await manager.streams.info(STREAM);
    return Promise.all(
      Array.from({ length: state.messages }, async (_, n) => {
        const message = await manager.streams.getMessage(STREAM, { seq: state.first_seq + n });
        return { subject: message!.subject, headers: message!.header, event: message!.json<PublicEvent>() };
      }),
    );
  }
  async function assertWhole(count: number): Promise<void> {
    const stored = await messages();
    assert.deepEqual(
      stored.map(({ event }) => event.position),
      upTo(count),
    );
    assert.deepEqual(
      stored.map(({ headers }) => Number(headers.get('Ateneo-Previous'))),
      [0, ...upTo(count - 1)],
    );
  }

  test('a message has the event as its payload, its id as message id, its type and partition as subject, its place as headers [arch:4]', async () => {
    await depot.fill(2);
    (await join('depot')).eventBus.register(depot.publisher);
    await until(async () => (await held()) === 2);
    const [first, second] = await messages();
    assert.deepEqual([first!.event, second!.event], await depot.everything());
    const { id, partition, epoch } = first!.event;
    assert.equal(first!.subject, `depot.event.box-filled.v1.p${String(partition).padStart(2, '0')}`);
    const head = (name: string) => [first, second].map((message) => message!.headers.get(name));
    assert.deepEqual(head('Nats-Msg-Id'), [id, second!.event.id]);
    assert.deepEqual(head('Ateneo-Position'), ['1', '2']);
    assert.deepEqual(head('Ateneo-Previous'), ['0', '1']);
    assert.deepEqual(head('Ateneo-Epoch'), [epoch, epoch]);
    assert.deepEqual(head('Ateneo-Mapping'), ['1', '1']);
  });
  test('a relay that begins again goes on behind the last message of the stream [arch:4]', async () => {
    for (let round = 1; round <= 3; round++) {
      await depot.fill(400, 3);
      const relaying = await join('depot');
      relaying.eventBus.register(depot.publisher);
      await until(async () => (await held()) === round * 1_200);
      await relaying.close();
    }
    await assertWhole(3_600);
  });
  test('two relays of one service publish each event once and in order, and one alone goes on when the other ends [arch:4]', async () => {
    const [one, other] = [await join('depot'), await join('depot')];
    one.eventBus.register(depot.publisher);
    other.eventBus.register(depot.another());
    const writing = Promise.all(upTo(4).map(() => depot.fill(3, 100)));
    await until(async () => (await held()) > 100);
    await writing;
    await until(async () => (await held()) === 1_200);
    await one.close();
    await depot.fill(3);
    await until(async () => (await held()) === 1_203);
    await assertWhole(1_203);
  });
  test('a message that does not follow the end of the stream is refused, and none behind it gets in [arch:4]', async () => {
    const { link } = await join('depot');
    await depot.fill(6);
    const stream = new EventStream(link, 'depot');
    await stream.ensure({});
    const { events } = await depot.publisher.mapped(0);
    const origin = { epoch: depot.publisher.epoch, mappingVersion: 1 };
    const [one, late] = [new Flight(link, origin, 0), new Flight(link, origin, 0)];
    for (const event of events.slice(0, 3)) one.send(event, event.position - 1, undefined);
    await one.landed();
    for (const event of events.slice(3)) late.send(event, event.position - 1, undefined);
    await assert.rejects(late.landed(), StreamMovedError);
    assert.equal(one.position, 3);
    await assertWhole(3);
    one.end();
    late.end();
  });
  test('another mapping version makes the stream anew; a running subscriber is reset and gets everything once [arch:4]', async () => {
    const [old, reading] = [await join('depot'), await join('reader')];
    const stopReplay = serveReplay(old.bus, depot.publisher);
    old.eventBus.register(depot.publisher);
    const reader = new Reader();
    reading.eventBus.subscribe(reader.subscription(), reader.handle);
    await depot.fill(300);
    await until(() => reader.events.length === 300);
    const fresh = await join('depot');
    serveReplay(fresh.bus, depot.another(2));
    stopReplay();
    fresh.eventBus.register(depot.another(2));
    await depot.fill(10);
    await until(() => reader.at?.mappingVersion === 2 && reader.events.length === 310);
    assert.deepEqual([reader.numbers, reader.resets], [upTo(310), 1]);
    await assertWhole(310);
    await depot.fill(1);
    await until(async () => /another epoch or mapping version/.test((await old.eventBus.publisherLag())[0]!.reason ?? ''));
  });
  test('a store of another epoch makes the stream anew [arch:4]', async () => {
    const [old, reading] = [await join('depot'), await join('reader')];
    old.eventBus.register(depot.publisher);
    const reader = new Reader();
    reading.eventBus.subscribe(reader.subscription(), reader.handle);
    await depot.fill(20);
    await until(() => reader.events.length === 20);
    await old.close();
    const restored = await Depot.open();
    await restored.fill(15);
    const fresh = await join('depot');
    serveReplay(fresh.bus, restored.publisher);
    fresh.eventBus.register(restored.publisher);
    await until(() => reader.at?.epoch === restored.publisher.epoch && reader.events.length === 15);
    assert.deepEqual([reader.numbers, reader.resets], [upTo(15), 1]);
    await restored.close();
  });
  test('a stream emptied by age gets what is new alone; a subscriber that stayed behind gets the rest by replay [arch:4]', async () => {
    const [first, reading] = [await join('depot', { maxAgeMs: 300 }), await join('reader')];
    first.eventBus.register(depot.publisher);
    await depot.fill(40);
    await until(async () => (await state())?.last_seq === 40 && (await held()) === 0);
    await first.close();
    await depot.add(3, 'BoxTouched');
    const again = await join('depot');
    serveReplay(again.bus, depot.publisher);
    again.eventBus.register(depot.publisher);
    const reader = new Reader();
    reader.at = { epoch: depot.publisher.epoch, mappingVersion: 1, position: 15 };
    reading.eventBus.subscribe({ ...reader.subscription(), partitions: [0, ...upTo(63)] }, reader.handle);
    await until(() => reader.events.length === 25);
    await depot.fill(2);
    await until(() => reader.events.length === 27);
    const late = new Reader();
    late.at = { epoch: depot.publisher.epoch, mappingVersion: 1, position: 15 };
    reading.eventBus.subscribe(late.subscription('late'), late.handle);
    await until(() => late.events.length >= 27);
    for (const { numbers } of [reader, late]) assert.deepEqual(numbers, [...upTo(40).slice(15), 44, 45]);
    assert.deepEqual(
      (await messages()).map(({ event }) => event.position),
      [44, 45],
    );
  });
  test('a stream that somebody deletes comes back whole', async () => {
    const relaying = await join('depot');
    relaying.eventBus.register(depot.publisher);
    await depot.fill(10);
    await until(async () => (await held()) === 10);
    await manager.streams.delete(STREAM);
    await depot.fill(1);
    await until(async () => (await held()) === 11);
    await assertWhole(11);
  });
  test('a publisher registered, stopped and registered again has one relay, and nothing of a stopped one goes out [rev:arch-1]', async () => {
    const { eventBus } = await join('depot');
    for (let round = 1; round <= 3; round++) {
      const stop = eventBus.register(depot.publisher);
      await depot.fill(5);
      await until(async () => (await held()) === round * 5);
      assert.equal((await eventBus.publisherLag()).length, 1);
      await stop();
      assert.equal((await eventBus.publisherLag()).length, 0);
    }
    await depot.fill(1);
    const stop = eventBus.register(depot.publisher);
    await until(async () => (await held()) === 16);
    await stop();
    await assertWhole(16);
  });
  test('what is not yet published is told as lag, with the reason [issue:4.5]', async () => {
    const own = await runServer();
    const relaying = await joinOn(own, 'depot');
    relaying.eventBus.register(depot.publisher);
    await depot.fill(10);
    const lag = async () => (await relaying.eventBus.publisherLag())[0]!;
    await until(async () => (await new EventStream(relaying.link, 'depot').extent())?.last === 10);
    await until(async () => (await lag()).lag === 0 && (await lag()).reason === undefined);
    await own.stop();
    await until(() => !relaying.link.isConnected);
    await depot.fill(5);
    await until(async () => (await lag()).lag === 5 && /lost/.test((await lag()).reason ?? ''));
    await relaying.close();
  });
});
