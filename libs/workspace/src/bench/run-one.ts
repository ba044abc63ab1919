import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';

/** Runs one bench module in this process and hands its measurement to the parent: node run-one.ts <file> <export>. */
const [file = '', name = ''] = process.argv.slice(2);
const module = (await import(pathToFileURL(resolve(file)).href)) as Record<string, () => Promise<unknown>>;
const bench = module[name];
if (!bench) throw new Error(`${file} exports no ${name}`);
process.send?.(await bench());
process.disconnect?.();
