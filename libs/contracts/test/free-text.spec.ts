import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { code, GATEWAY_ROUTES, id, officeText, operation, OPERATIONS, personalText } from '../src/index.js';
import { textsIn, undeclaredIn } from '../src/testing.js';

describe('no free text outside personal', () => {
  for (const { name, input } of OPERATIONS)
    test(`every string that ${name} takes is an id, a day, a choice, a code with a pattern, or declared text [rev:sec-4]`, () =>
      assert.deepEqual(undeclaredIn(input), []));
  for (const { name, body, query } of GATEWAY_ROUTES)
    for (const input of [body, query].filter((one) => one !== undefined))
      test(`every string that the gateway takes for ${name} is declared too [rev:sec-4]`, () => assert.deepEqual(undeclaredIn(input), []));

  test('a planted string that nobody declared is named with its place [rev:sec-4]', () => {
    const planted = z.object({
      entryId: id,
      label: officeText(80).nullable().default(null),
      rows: z.array(z.object({ remark: z.string().trim().min(1).max(40).optional(), key: code(20) })),
      more: z.record(z.enum(['a', 'b']), z.union([z.number(), z.string()])),
    });
    assert.deepEqual(undeclaredIn(planted), ['rows[].remark', 'more.*']);
  });

  test('declared texts are found with their place, kind and length [rev:sec-4]', () => {
    const { input } = operation({
      name: 'test.say',
      kind: 'command',
      summary: 'Says',
      permission: { relation: 'public' },
      input: z.object({ reason: personalText(30), name: z.object({ it: officeText(5) }) }),
      output: z.object({}),
      refusals: {},
      example: { reason: 'x', name: { it: 'x' } },
    });
    assert.deepEqual(textsIn(input), [
      { path: 'reason', kind: 'personal' },
      { path: 'name.it', kind: 'office' },
    ]);
  });
});
