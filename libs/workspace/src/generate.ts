import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { wiredFiles } from './wiring/wiring.js';

const root = resolve(import.meta.dirname, '../../..');
const checkOnly = process.argv.includes('--check');

type Documents = Readonly<Record<string, () => string>>;

const stored = (name: string): string | undefined => {
  try {
    return readFileSync(join(root, name), 'utf8');
  } catch {
    return undefined;
  }
};

/** Writes what is derived; with `--check`, says what is out of date. Answers what was not as it should be. */
function write(documents: Documents): string[] {
  const stale: string[] = [];
  for (const [name, text] of Object.entries(documents)) {
    const wanted = text();
    if (stored(name) === wanted) continue;
    stale.push(name);
    if (checkOnly) process.exitCode = 1;
    else {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), wanted);
    }
    console.log(`${name} ${checkOnly ? 'is out of date: npm run generate' : 'written'}`);
  }
  return stale;
}

/** Schemas of events that are no more. */
function sweep(folder: string, documents: Documents, kept: string): void {
  for (const name of readdirSync(join(root, folder)).map((file) => `${folder}/${file}`)) {
    if (name === kept || documents[name]) continue;
    if (checkOnly) process.exitCode = 1;
    else rmSync(join(root, name));
    console.log(`${name} ${checkOnly ? 'has no event any more: npm run generate' : 'removed'}`);
  }
}

// the contracts' list of contexts is among what lists the services, so the rest is read afterwards
write(wiredFiles(root));
const { CONTRACT_DOCUMENTS, json, SCHEMAS } = await import('./documents/contract-documents.js');
const { CONSUMPTION_FILE } = await import('./consumption.js');
/** What consumers were last promised; written by `--release` alone. */
const released = `${SCHEMAS}/released.json`;
const stale = write(CONTRACT_DOCUMENTS);
sweep(SCHEMAS, CONTRACT_DOCUMENTS, released);
if (process.argv.includes('--release')) {
  const { currentContracts } = await import('./contract-snapshot.js');
  writeFileSync(join(root, released), json(currentContracts()));
}
// the contracts that the other documents are derived from hold this table: they are read anew
if (!checkOnly && stale.includes(CONSUMPTION_FILE)) {
  const { status } = spawnSync(process.execPath, [...process.execArgv, ...process.argv.slice(1)], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
}
