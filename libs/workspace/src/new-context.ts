// npm run new-context -- <context> <thing> [--things <plural>] [--it «Titolo»] [--en «Title»]
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { pascalOf } from './wiring/manifest.js';
import { type NewContext, whyNot, writeContext } from './wiring/new-context.js';

const root = resolve(import.meta.dirname, '../../..');
const USAGE =
  'npm run new-context -- <context> <thing> [--things <plural>] [--it «Titolo»] [--en «Title»], e.g. contact-center request --it Assistenza';
const GENERATE = ['--conditions=source', '--import', './libs/workspace/src/swc-hook.mjs', 'libs/workspace/src/generate.ts'];
const FORMAT = ['node_modules/prettier/bin/prettier.cjs', '--write', '--log-level=warn'];

/** What is asked for, or what is missing. */
function asked(): NewContext | string {
  const { values, positionals } = parseArgs({
    options: { things: { type: 'string' }, it: { type: 'string' }, en: { type: 'string' } },
    allowPositionals: true,
  });
  const [context, thing] = positionals;
  if (context === undefined || thing === undefined) return 'a context and its first thing are to be named';
  const title = pascalOf(context).replace(/(?!^)([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
  const wanted = { context, thing, things: values.things, titles: { it: values.it ?? title, en: values.en ?? title } };
  return whyNot(root, wanted) ?? wanted;
}

/** Writes, wires and formats it; answers the exit code. */
function make(wanted: NewContext): number {
  const written = writeContext(root, wanted);
  for (const file of written) console.log(file);
  for (const step of [GENERATE, [...FORMAT, ...written]]) {
    const { status, error } = spawnSync(process.execPath, step, { cwd: root, stdio: 'inherit' });
    if (error) throw error;
    if (status !== 0) return status ?? 1;
  }
  const { context } = wanted;
  console.log(
    `\n${context} stands: npm start runs it, npm test services/${context} tries it. First to read: services/${context}/README.md`,
  );
  return 0;
}

const wanted = asked();
if (typeof wanted === 'string') console.error(`${wanted}\n${USAGE}`);
process.exitCode = typeof wanted === 'string' ? 1 : make(wanted);
