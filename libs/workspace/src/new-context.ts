// npm run new-context -- <context> <thing> [--things <plural>] [--it «Titolo»] [--en «Title»]
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { whyNot, writeContext } from './wiring/new-context.js';
import { pascalOf } from './wiring/manifest.js';

const root = resolve(import.meta.dirname, '../../..');
const USAGE =
  'npm run new-context -- <context> <thing> [--things <plural>] [--it «Titolo»] [--en «Title»], e.g. contact-center request --it «Assistenza»';

/** Runs a step of the repository; its own words say what is wrong. */
function step(...command: string[]): void {
  const [program = '', ...args] = command;
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

const { values, positionals } = parseArgs({
  options: { things: { type: 'string' }, it: { type: 'string' }, en: { type: 'string' } },
  allowPositionals: true,
});
const [context, thing] = positionals;
if (context === undefined || thing === undefined) {
  console.error(USAGE);
  process.exit(1);
}
const title = pascalOf(context).replace(/(?!^)([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
const asked = { context, thing, things: values.things, titles: { it: values.it ?? title, en: values.en ?? title } };
const reason = whyNot(root, asked);
if (reason) {
  console.error(`${reason}\n${USAGE}`);
  process.exit(1);
}
const written = writeContext(root, asked);
for (const file of written) console.log(file);
const generate = ['--conditions=source', '--import', './libs/workspace/src/swc-hook.mjs', 'libs/workspace/src/generate.ts'];
step(process.execPath, ...generate);
step(process.execPath, 'node_modules/prettier/bin/prettier.cjs', '--write', '--log-level=warn', ...written);
console.log(`\n${context} stands: npm start runs it, npm test services/${context} tries it. First to read: services/${context}/README.md`);
