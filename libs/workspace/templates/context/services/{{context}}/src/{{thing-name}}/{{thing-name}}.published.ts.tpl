import { {{contextName}}Events } from '@ateneo/contracts';
import { idOf, publishing, told, toldAsStored } from '@ateneo/event-sourcing';
import { {{thing}} } from './{{thing-name}}.decider.js';

/** What other contexts learn of it. */
export const {{thing}}Published = publishing({{thing}}, {
  {{Thing}}Opened: toldAsStored({{contextName}}Events.{{thing}}Opened),
  {{Thing}}Closed: ({ stream }) => told({{contextName}}Events.{{thing}}Closed, { {{thing}}Id: idOf(stream) }),
});
