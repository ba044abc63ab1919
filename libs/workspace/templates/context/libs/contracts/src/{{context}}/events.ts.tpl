import { z } from 'zod';
import { publicEvent } from '../contract.js';
import { day, id } from '../values.js';

const {{thing}}Id = '0198c0de-0000-7000-8000-000000000001';

export const {{thing}}Opened = publicEvent({
  type: '{{context}}.{{thing-name}}-opened.v1',
  summary: 'Open until the end of a day',
  data: z.object({ {{thing}}Id: id, title: z.string(), closesOn: day }),
  example: { {{thing}}Id, title: 'Esempio', closesOn: '2026-06-30' },
});
export const {{thing}}Closed = publicEvent({
  type: '{{context}}.{{thing-name}}-closed.v1',
  summary: 'Closed by an office, or by itself after its last day',
  data: z.object({ {{thing}}Id: id }),
  example: { {{thing}}Id },
});
