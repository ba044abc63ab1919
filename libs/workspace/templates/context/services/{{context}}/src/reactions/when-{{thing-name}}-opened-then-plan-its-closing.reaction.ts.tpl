import { addDays, romeMidnight } from '@ateneo/calendar';
import { onStored } from '@ateneo/event-sourcing';
import { reaction } from '@ateneo/read-models';
import { {{thing}} } from '../{{thing-name}}/{{thing-name}}.decider.js';

export type Tools = { readonly plan: (deadlineId: string, dueAt: number, {{thing}}Id: string) => Promise<void> };

/** What is open closes by itself when its last day is over, without anybody's act. */
export const when{{Thing}}OpenedThenPlanItsClosing = reaction<Tools>({
  name: 'when-{{thing-name}}-opened-then-plan-its-closing',
  on: onStored({{thing}}, {
    {{Thing}}Opened: ({ data: { {{thing}}Id, closesOn } }, { plan }: Tools) =>
      plan(`{{thing-name}}-closing/${{{thing}}Id}`, romeMidnight(addDays(closesOn, 1)), {{thing}}Id),
  }),
});
