import { onStored } from '@ateneo/event-sourcing';
import { type CollectionSpec, documentsOf, projection } from '@ateneo/read-models';
import { {{thing}} } from '../{{thing-name}}/{{thing-name}}.decider.js';

export type {{Thing}}Document = {
  readonly {{thing}}Id: string;
  readonly title: string;
  readonly closesOn: string;
  readonly state: 'open' | 'closed';
};

export const {{thing}}Documents: CollectionSpec<{{Thing}}Document> = {
  name: '{{things-name}}',
  version: 1,
  columns: { state: ({ state }) => state, closesOn: ({ closesOn }) => closesOn },
  indexes: [['closesOn'], ['state', 'closesOn']],
};

/** All of them as people look at them. */
export const {{thing}}List = projection({
  name: '{{thing-name}}-list',
  version: 1,
  parts: [
    documentsOf({{thing}}Documents, {
      on: onStored({{thing}}, {
        {{Thing}}Opened: ({ data: { {{thing}}Id, title, closesOn } }) => ({ {{thing}}Id, title, closesOn, state: 'open' }),
        {{Thing}}Closed: (_event, before) => before && { ...before, state: 'closed' },
      }),
    }),
  ],
});
