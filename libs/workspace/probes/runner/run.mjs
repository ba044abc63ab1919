import { join } from 'node:path';
import { runSpecs } from '../../src/spec-run.mjs';
import { newTally, printClosing } from '../../src/tally.mjs';

const tally = newTally();
const files = process.argv.slice(2).map((name) => `libs/planted/test/${name}.spec.ts`);
await runSpecs(join(import.meta.dirname), files, tally);
printClosing(tally);
