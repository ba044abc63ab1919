import { z } from 'zod';
import { operation, ROLES } from '../contract.js';
import { accepted, after, day, freshness, id, officeText, page } from '../values.js';

const {{thing}}Id = '0198c0de-0000-7000-8000-000000000001';
const offices = { anyOf: [{ roles: ['university-secretariat', 'administrator'], relation: 'tenant' }] } as const;
const everybody = { anyOf: [{ roles: ROLES, relation: 'self' }] } as const;

export const open{{Thing}} = operation({
  name: '{{context}}.open-{{thing-name}}',
  kind: 'command',
  summary: 'Opens one until the end of a day',
  http: { method: 'POST', path: '/{{context}}' },
  permission: offices,
  input: z.object({ {{thing}}Id: id, title: officeText(120), closesOn: day }),
  output: accepted,
  refusals: { 'id-already-used': 409 },
  example: { {{thing}}Id, title: 'Esempio', closesOn: '2026-06-30' },
});
export const close{{Thing}} = operation({
  name: '{{context}}.close-{{thing-name}}',
  kind: 'command',
  summary: 'Closes one before its last day',
  http: { method: 'POST', path: '/{{context}}/{{{thing}}Id}/closing' },
  permission: offices,
  input: z.object({ {{thing}}Id: id }),
  output: accepted,
  refusals: { 'not-found': 404 },
  example: {{{thing}}Id},
});
export const list{{Things}} = operation({
  name: '{{context}}.list',
  kind: 'query',
  summary: 'What is open and what is closed, the latest day first',
  http: { method: 'GET', path: '/{{context}}' },
  permission: everybody,
  input: z.object({ state: z.enum(['open', 'closed']).optional(), ...page, ...after }),
  output: z.object({
    total: z.number().int(),
    {{things}}: z.array(z.object({ {{thing}}Id: id, title: z.string(), closesOn: day, state: z.enum(['open', 'closed']) })),
    ...freshness,
  }),
  refusals: {},
  readsAfter: ['{{context}}'],
  example: {},
});
