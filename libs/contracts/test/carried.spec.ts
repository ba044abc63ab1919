import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { CONSUMES, contextOf, keyForm, liveTopics, operation, OPERATIONS, PUBLIC_EVENTS, storedFile } from '../src/index.js';

const fieldsOf = (schema: unknown): string[] => Object.keys((schema as { shape?: object }).shape ?? {});
const text = z.string();
const base = {
  name: 'books.do-it',
  summary: 'An operation',
  permission: { anyOf: [{ roles: ['tutor'], relation: 'tenant' }] },
  output: z.object({}),
  refusals: {},
} as const;
const command = {
  ...base,
  kind: 'command',
  input: z.object({ fileName: text, fileId: text }),
  example: { fileName: '', fileId: '' },
} as const;
const query = { ...base, kind: 'query', input: z.object({ bookId: text }), example: { bookId: '' } } as const;
const post = { http: { method: 'POST', path: '/books' } } as const;
const get = { http: { method: 'GET', path: '/books' } } as const;
const upload = { types: ['text/csv'], maxBytes: 10 } as const;
const download = { types: ['application/pdf'] } as const;

describe('what an operation carries [arch:3]', () => {
  test('compiles with the kind, route, input, output or permission that it asks for, and with no other [issue:9.2]', () => {
    const sound = [
      operation({ ...command, ...post, upload }),
      operation({ ...query, ...get, output: storedFile, download }),
      operation({ ...query, ...get, permission: { relation: 'public' }, limit: 'password' }),
      operation({ ...query, live: [{ topic: 'books', by: 'bookId' }], readsAfter: ['logbook'] }),
      operation({ ...query, live: [{ topic: 'shelf', by: null, toldBy: 'logbook' }] }),
    ];
    const unsound = [
      // @ts-expect-error -- a file comes with POST or PUT
      operation({ ...command, http: { method: 'DELETE', path: '/books' }, upload }),
      // @ts-expect-error -- without a route nothing comes
      operation({ ...command, upload }),
      // @ts-expect-error -- nothing takes the reference of the file
      operation({ ...command, ...post, input: z.object({ fileName: text }), upload }),
      // @ts-expect-error -- a query takes no file
      operation({ ...query, ...post, input: command.input, example: command.example, upload }),
      // @ts-expect-error -- no type is accepted
      operation({ ...command, ...post, upload: { ...upload, types: [] } }),
      // @ts-expect-error -- no file is answered
      operation({ ...query, ...get, download }),
      // @ts-expect-error -- a command answers no file
      operation({ ...command, ...post, output: storedFile, download }),
      // @ts-expect-error -- who is signed in is known, and not limited by address
      operation({ ...query, ...get, limit: 'password' }),
      // @ts-expect-error -- without a route there is no address
      operation({ ...query, permission: { relation: 'public' }, limit: 'password' }),
      // @ts-expect-error -- no such limit
      operation({ ...query, ...get, permission: { relation: 'public' }, limit: 'guessing' }),
      // @ts-expect-error -- the input has no such field
      operation({ ...query, live: [{ topic: 'books', by: 'bookid' }] }),
      // @ts-expect-error -- a command is not followed
      operation({ ...command, ...post, live: [{ topic: 'books', by: null }] }),
      // @ts-expect-error -- a command shows nothing
      operation({ ...command, ...post, readsAfter: ['logbook'] }),
    ];
    assert.deepEqual([sound.length, unsound.length], [5, 13]);
  });
  test('a file goes to the operation that says so, and a reference of one never leaves as JSON [issue:9.2]', () => {
    for (const { name, input, output, upload, download } of OPERATIONS) {
      assert.equal(upload !== undefined, fieldsOf(input).includes('fileId'), name);
      assert.equal(download !== undefined, fieldsOf(output).includes('fileId'), name);
    }
    const files = OPERATIONS.flatMap(({ upload, download }) => upload ?? download ?? []);
    assert.ok(files.length > 2);
    for (const { types } of files)
      assert.ok(
        types.every((type) => /^[a-z]+\/[a-z.+-]+$/.test(type)),
        types.join(),
      );
  });
  test('a topic has one name and one query, which takes the key alone and refuses who may not ask it [issue:9.2]', () => {
    const topics = liveTopics(OPERATIONS);
    assert.deepEqual(topics.map(keyForm).sort(), [
      'career:<traineeId>',
      'counters:<traineeId>',
      'entries:<traineeId>',
      'import:<importId>',
      'run:<runId>',
      'waiting',
    ]);
    assert.equal(new Set(topics.map(({ topic }) => topic)).size, topics.length);
    for (const { topic, by, operation: asked, toldBy } of topics) {
      assert.match(topic, /^[a-z]+(-[a-z]+)*$/);
      const key = by === null ? {} : { [by]: (asked.example as Record<string, unknown>)[by] };
      assert.ok(asked.input.safeParse(key).success, topic);
      assert.ok('anyOf' in asked.permission && (by === null || !asked.permission.scopeFilter), `${topic} narrows instead of refusing`);
      assert.ok([contextOf(asked.name), ...CONSUMES[contextOf(asked.name)]].includes(toldBy), topic);
    }
  });
  test('the page of the gateway names the keys that a page may follow', () => {
    const page = readFileSync(new URL('../../../services/api-gateway/README.md', import.meta.url), 'utf8');
    const row = page.split('\n').find((line) => line.startsWith('| `GET /api/live')) ?? '';
    for (const topic of liveTopics(OPERATIONS)) assert.ok(row.includes(`\`${keyForm(topic)}\``), topic.topic);
  });
  test('what a draft says is about a trainee, and is a draft in every version [rev:sec-9]', () => {
    const factOf = (type: string) => type.replace(/\.v\d+$/, '');
    const drafts = PUBLIC_EVENTS.filter(({ ofDraft }) => ofDraft);
    assert.deepEqual(drafts.map(({ type }) => factOf(type)).sort(), [
      'logbook.entry-amended',
      'logbook.entry-discarded',
      'logbook.entry-recorded',
    ]);
    for (const { type, data } of drafts) assert.ok(fieldsOf(data).includes('traineeId'), type);
    const facts = new Set(drafts.map(({ type }) => factOf(type)));
    for (const { type, ofDraft } of PUBLIC_EVENTS) assert.equal(ofDraft === true, facts.has(factOf(type)), type);
  });
});
