import { addDays } from '@ateneo/calendar';
import { {{contextName}} } from '@ateneo/contracts';
import type { DemoOfContext } from '../context-demo.js';
import { demoId } from '../random.js';

/** What the demo shows of it. */
export const demo: DemoOfContext = async (commands, { today }, administrator) => {
  await commands.send(
    {{contextName}}.open{{Thing}},
    { {{thing}}Id: demoId('{{thing-name}}', 1), title: '{{title-it}}', closesOn: addDays(today, 60) },
    administrator,
  );
};
