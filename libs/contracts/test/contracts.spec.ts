import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { CONSUMES, contextOf, logbook, OPERATIONS, PUBLIC_EVENTS, ROLES, subjectOf } from '../src/index.js';
import { pathFields } from '../src/openapi.js';
import { permissionText } from '../src/permission-text.js';

const CONTEXTS = ['identity', 'school-network', 'career', 'logbook', 'reporting'];
/** A preference, and bulk acts that answer item by item. */
const NEVER_REFUSED = ['logbook.star-activity', 'logbook.validate-entries', 'logbook.undo-validations'];
const RELATIONS = ['self', 'my-trainee-on-date', 'my-school', 'tenant'];
const kebab = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const repeated = (values: readonly string[]): string[] => values.filter((value, index) => values.indexOf(value) !== index);
const fieldsOf = (schema: unknown): string[] => Object.keys((schema as { shape?: object }).shape ?? {});

describe('operations', () => {
  test('every example is a valid input [arch:3]', () => {
    for (const operation of OPERATIONS) assert.ok(operation.input.safeParse(operation.example).success, operation.name);
  });
  test('a name is <context>.<verb-noun> in kebab-case, and so is its subject', () => {
    for (const { name } of OPERATIONS) {
      const [context, act, ...rest] = name.split('.');
      assert.ok(CONTEXTS.includes(context ?? '') && kebab.test(act ?? '') && rest.length === 0, name);
      assert.equal(subjectOf({ name }), `rpc.${name}`);
    }
  });
  test('no two operations share a name or a route', () => {
    assert.deepEqual(repeated(OPERATIONS.map((operation) => operation.name)), []);
    assert.deepEqual(
      repeated(OPERATIONS.flatMap(({ http }) => (http ? [`${http.method} ${http.path.replace(/\{\w+\}/g, '{}')}`] : []))),
      [],
    );
  });
  test('a path is made of kebab-case nouns and of input fields', () => {
    for (const { name, http, input } of OPERATIONS) {
      if (!http) continue;
      for (const part of http.path.slice(1).split('/'))
        assert.ok(kebab.test(part) || /^\{[a-z][A-Za-z]*\}$/.test(part), `${name}: ${part}`);
      assert.deepEqual(
        pathFields(http.path).filter((field) => !fieldsOf(input).includes(field)),
        [],
        name,
      );
    }
  });
  test('a command is never mounted on GET, and a query that GET cannot carry only on POST', () => {
    for (const { name, kind, http } of OPERATIONS) {
      if (http) assert.ok(kind === 'command' ? http.method !== 'GET' : ['GET', 'POST'].includes(http.method), name);
    }
  });
  test('refusals are kebab-case codes with a status of the closed list, and a command has at least one [arch:3]', () => {
    for (const { name, kind, refusals } of OPERATIONS) {
      const codes = Object.entries(refusals);
      assert.ok(kind === 'query' || codes.length > 0 || NEVER_REFUSED.includes(name), name);
      for (const [code, status] of codes) {
        assert.ok(kebab.test(code), `${name}: ${code}`);
        assert.ok([403, 404, 409, 422].includes(status), `${name}: ${status}`);
      }
    }
  });
  test('a permission names known roles and relations, and `of` is a field of the input [arch:3]', () => {
    for (const { name, permission, input } of OPERATIONS) {
      if (!('anyOf' in permission)) {
        assert.ok(permission.relation === 'public' || permission.callers.length > 0, name);
        continue;
      }
      assert.ok(permission.anyOf.length > 0, name);
      for (const { roles, relation, of } of permission.anyOf) {
        assert.ok(roles.length > 0 && roles.every((role) => ROLES.includes(role)), name);
        assert.ok(RELATIONS.includes(relation), `${name}: ${relation}`);
        assert.ok(of === undefined || fieldsOf(input).includes(of.split('.')[0] ?? ''), `${name}: ${of}`);
      }
    }
  });
  test('a query that takes tokens says whose, and a service waits for none but those that it follows [rev:cor-6]', () => {
    for (const { name, kind, input, readsAfter } of OPERATIONS) {
      assert.equal(readsAfter !== undefined, fieldsOf(input).includes('after'), name);
      const followed = [contextOf(name), ...CONSUMES[contextOf(name)]];
      assert.ok(readsAfter === undefined || (kind === 'query' && readsAfter.every((context) => followed.includes(context))), name);
    }
  });
  test('entries named in an address are ids, so that the longest list still fits a request line [rev:sec-14]', () => {
    const entry = '0198c0de-0000-7000-8000-000000000030';
    assert.ok(logbook.listEntries.input.safeParse({ ids: `${entry},${entry}` }).success);
    assert.ok(!logbook.listEntries.input.safeParse({ ids: 'è'.repeat(8_000) }).success);
  });
  test('the limits of an import stand in the contract alone, and the guide names the same [rev:cor-8]', () => {
    const { rows, bytes } = logbook.IMPORT_LIMITS;
    const guide = readFileSync(new URL('../../../docs/import.md', import.meta.url), 'utf8');
    assert.ok(guide.includes(`At most ${rows.toLocaleString('en')} rows and ${bytes / 2 ** 20} MiB.`));
  });
  test('an operation of services only has no route [arch:3]', () => {
    for (const { name, permission, http } of OPERATIONS) {
      if (!('anyOf' in permission) && permission.relation === 'service') assert.equal(http, undefined, name);
      else assert.ok(http, name);
    }
  });
  test('the permission sentence names every role and the field that it is about', () => {
    const permission = { anyOf: [{ roles: ['tutor'], relation: 'my-trainee-on-date', of: 'entryId' }], scopeFilter: true } as const;
    assert.equal(
      permissionText(permission),
      'tutor assigned to the trainee of `entryId` on the date of the act. The answer holds only what the actor may see.',
    );
  });
});

describe('public events', () => {
  test('every example is valid data [arch:3]', () => {
    for (const event of PUBLIC_EVENTS) assert.ok(event.data.safeParse(event.example).success, event.type);
  });
  test('a type is <context>.<noun-participle>.v<n>, once', () => {
    for (const { type } of PUBLIC_EVENTS) {
      const [context, fact, version, ...rest] = type.split('.');
      assert.ok(CONTEXTS.includes(context ?? '') && kebab.test(fact ?? '') && /^v[1-9]\d*$/.test(version ?? '') && rest.length === 0, type);
    }
    assert.deepEqual(repeated(PUBLIC_EVENTS.map((event) => event.type)), []);
  });
  test('no public event carries a name, an address or free text [arch:4]', () => {
    const personal = ['name', 'givenName', 'familyName', 'email', 'note', 'reason', 'taxCode', 'studentNumber', 'staffNumber'];
    for (const { type, data } of PUBLIC_EVENTS) {
      if (!type.startsWith('school-network.'))
        assert.deepEqual(
          fieldsOf(data).filter((field) => personal.includes(field)),
          [],
          type,
        );
    }
  });
});
