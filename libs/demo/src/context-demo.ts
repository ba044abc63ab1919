import type { DemoCommands } from './demo-commands.js';
import type { DemoPlan } from './plan.js';

export type Administrator = Parameters<DemoCommands['send']>[2];

/** What a context adds to the demo, when everything else of it is there: `contexts/<context>.demo.ts`. */
export type DemoOfContext = (commands: DemoCommands, plan: DemoPlan, administrator: Administrator) => Promise<void>;
