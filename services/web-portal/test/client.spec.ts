import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { portalRoutesAreCurrent } from '../../../libs/workspace/src/portal-routes.js';
import { addressOf, call, linkTo, newId, upload } from '../src/api/client.js';
import { followStream, type LiveKey } from '../src/api/live.js';
import { makesOld, positionsFor, rememberPosition } from '../src/api/positions.js';
import { fieldOfPointer, problemOf } from '../src/api/problem.js';

describe('the typed client', () => {
  test('the table of routes is the one of the contracts [arch:3]', () => {
    assert.ok(portalRoutesAreCurrent(), 'run npm run generate');
  });
  test('fields of the path leave the rest for body or query [arch:3]', () => {
    assert.deepEqual(addressOf('logbook.star-activity', { activity: 'CHIR-402-01/rotation', starred: true }), {
      path: '/api/logbook/favourites/CHIR-402-01%2Frotation',
      rest: { starred: true },
    });
    assert.equal(linkTo('reporting.download-report', { reportId: 'r1', registered: false }), '/api/reports/r1/file?registered=false');
  });
  test('a file goes as the body, in the type that its operation takes, and the rest in the address [issue:9.2]', async (t) => {
    const sent: [string, RequestInit][] = [];
    t.mock.method(globalThis, 'fetch', async (address: string, init: RequestInit) => {
      sent.push([address, init]);
      return new Response('{}');
    });
    const page = Object.getOwnPropertyDescriptor(globalThis, 'document');
    Object.defineProperty(globalThis, 'document', { value: { documentElement: { lang: 'it' } }, configurable: true });
    t.after(() => (page ? Object.defineProperty(globalThis, 'document', page) : Reflect.deleteProperty(globalThis, 'document')));
    await upload('logbook.start-import', { importId: 'i1', schoolId: 's1', fileName: 'a b.csv' }, new Blob(['x;y']), { intent: 'k1' });
    const [address, { method, headers, body }] = sent[0]!;
    assert.deepEqual([method, address], ['POST', '/api/logbook/imports?importId=i1&schoolId=s1&fileName=a+b.csv']);
    assert.deepEqual(headers, {
      accept: 'application/json',
      'accept-language': 'it',
      'idempotency-key': 'k1',
      'content-type': 'text/csv',
    });
    assert.equal(await (body as Blob).text(), 'x;y');
  });
  test('what an operation or topic is not does not compile [issue:9.2]', () => {
    const key: LiveKey['key'] = 'counters:t1';
    // @ts-expect-error -- there is no such topic
    const misspelt: LiveKey['key'] = 'counter:t1';
    // @ts-expect-error -- all that waits is one topic, without an id
    const ofOne: LiveKey['key'] = 'waiting:t1';
    const calls = () => [
      // @ts-expect-error -- it answers a file
      call('reporting.download-report', { reportId: 'r1' }),
      // @ts-expect-error -- it takes a file
      call('logbook.start-import', { importId: 'i1', schoolId: 's1' }),
      // @ts-expect-error -- it takes no file
      upload('logbook.record-entry', {}, new Blob([])),
      // @ts-expect-error -- it answers no file
      linkTo('logbook.show-entry', { entryId: 'e1' }),
    ];
    assert.deepEqual([key, misspelt, ofOne, typeof calls], ['counters:t1', 'counter:t1', 'waiting:t1', 'function']);
  });
  test('a problem document keeps code, fields and correlation id [arch:3]', async () => {
    const body = JSON.stringify({ code: 'classification-missing', field: 'classified/surgical-role', detail: 'x' });
    const problem = await problemOf(new Response(body, { status: 422, headers: { 'x-correlation-id': 'c1' } }));
    assert.deepEqual(
      [problem.status, problem.code, problem.field, problem.correlationId],
      [422, 'classification-missing', 'classified.surgical-role', 'c1'],
    );
    assert.equal(fieldOfPointer('/entries/0'), 'entries.0');
  });
  test('a query waits for the tokens of every context that it shows, each the newest, and for no other [rev:cor-6]', () => {
    assert.equal(positionsFor('reporting.show-counters'), undefined);
    rememberPosition('reporting.register-report', 'r1');
    rememberPosition('logbook.record-entry', 'l1');
    rememberPosition('logbook.submit-entry', 'l2');
    rememberPosition('career.choose-track', 'c1');
    rememberPosition('identity.change-my-language', undefined);
    assert.equal(positionsFor('reporting.show-counters'), 'c1.l2');
    assert.equal(positionsFor('reporting.list-reports'), 'r1');
    assert.equal(positionsFor('school-network.show-university'), undefined);
  });
  test('what a command makes old follows from what the queries show [rev:cor-6]', () => {
    assert.ok(makesOld('career.record-suspension', 'reporting.show-counters', true));
    assert.ok(!makesOld('career.record-suspension', 'school-network.show-school', true));
    assert.ok(makesOld('logbook.confirm-import', 'logbook.show-import', true));
    assert.ok(!makesOld('logbook.star-activity', 'reporting.show-counters', false));
  });
  test('ids are uuids of version 7 that differ and follow time [arch:4]', () => {
    const ids = Array.from({ length: 100 }, newId);
    assert.equal(new Set(ids).size, 100);
    for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});

test('a stream that is refused is asked for again after pauses that grow, and not once it is left [rev:sec-low]', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const opened: Stream[] = [];
  class Stream extends EventTarget {
    static readonly CLOSED = 2;
    readyState = 0;
    constructor() {
      super();
      opened.push(this);
    }
    refuse() {
      this.readyState = Stream.CLOSED;
      this.dispatchEvent(new Event('error'));
    }
    close() {}
  }
  const browser = globalThis.EventSource;
  t.after(() => (globalThis.EventSource = browser));
  globalThis.EventSource = Stream as unknown as typeof EventSource;
  let away = 0;
  const leave = followStream('/api/live?keys=waiting', { opened: () => {}, heard: () => {}, away: () => (away += 1) });
  opened[0]!.dispatchEvent(new Event('error')); // the browser itself tries again
  t.mock.timers.tick(100_000);
  assert.deepEqual([opened.length, away], [1, 1]);
  for (const [n, pause] of [1_000, 2_000, 4_000].entries()) {
    opened[n]!.refuse();
    t.mock.timers.tick(pause / 2 - 1);
    assert.equal(opened.length, n + 1);
    t.mock.timers.tick(pause / 2 + 1);
    assert.equal(opened.length, n + 2);
  }
  opened[3]!.refuse();
  leave();
  t.mock.timers.tick(100_000);
  assert.equal(opened.length, 4);
});
