import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { AllInOne } from '../src/all-in-one.module.js';
import { commandLine, MASTER_KEY } from './running-platform.js';

type Ended = { readonly code: number | null; readonly lines: readonly string[] };
const ROOT = join(import.meta.dirname, '../../..');

/** The program in a process of its own, from source; what it wrote to stderr. */
async function start(environment: Readonly<Record<string, string>>): Promise<Ended> {
  const child = spawn(
    process.execPath,
    ['--conditions=source', '--import', join(ROOT, 'libs/workspace/src/swc-hook.mjs'), join(ROOT, 'services/all-in-one/src/main.ts')],
    { cwd: ROOT, env: { PATH: process.env['PATH'], ...environment }, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let printed = '';
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const late = setTimeout(() => child.kill('SIGKILL'), 60_000);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(late);
  return { code, lines: printed.split('\n').filter(Boolean) };
}

describe('a start that cannot be', () => {
  let folder: string;
  let taken: Server;
  let environment: Readonly<Record<string, string>>;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ateneo-start-'));
    taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    environment = { DATA_DIR: join(folder, 'data'), SEED: 'empty', MASTER_KEY, PORT: '0', HOST: '127.0.0.1' };
    await (await AllInOne.start(environment)).close();
  });
  after(async () => {
    taken.close();
    await rm(folder, { recursive: true, force: true });
  });

  const wrong: readonly (readonly [name: string, value: string | (() => string), said: RegExp])[] = [
    ['PORT', () => String((taken.address() as AddressInfo).port), /: something listens there already$/],
    ['HOST', '300.1.1.1', /: it may hold an address of this machine/],
    ['TRUSTED_PROXIES', 'nonsense', /it may hold addresses and networks/],
    ['OIDC_ISSUER', 'https://keys.example/realms/a?x=1', /: it may hold embedded or a realm's address$/],
    ['PUBLIC_URL', 'http://ateneo.example/?z=1', /: it may hold an http or https address without \? and #$/],
    ['MASTER_KEY', 'cd'.repeat(32), /does not fit anchor\.sqlite in /],
    ['FILES_URL', 'file:/proc/nope', /, a folder that cannot be written: /],
    ['FILES_URL', 's3://x', /it may hold s3:/],
    ['DATA_DIR', '/proc/nope', /cannot be written: /],
    ['READ_MODELS_URL', 'mongodb://127.0.0.1:1/x', /: MongoDB at mongodb:\/\/127\.0\.0\.1:1\/x cannot be used/],
    ['KEYS_URL', 'mongodb://me:hidden@', /: MongoDB at /],
    ['EVENT_STORE_URL', 'kurrentdb://', /: /],
    ['EVENT_STORE_URL', 'bus:', /: every service is in this process/],
  ];
  for (const [name, value, said] of wrong)
    test(`with ${name} ${typeof value === 'string' ? `«${value}»` : 'in use'} says so in one line that names it [rev:sec-low]`, async () => {
      const { code, lines } = await start({ ...environment, [name]: typeof value === 'string' ? value : value() });
      assert.equal(code, 1);
      assert.equal(lines.length, 1, lines.join('\n'));
      assert.match(lines[0] ?? '', new RegExp(`\\b${name}\\b`));
      assert.match(lines[0] ?? '', said);
      assert.doesNotMatch(lines[0] ?? '', /hidden|cdcdcd/);
    });
});

describe('the rights of data at rest', () => {
  const open = async (folder: string): Promise<string[]> => {
    const found: string[] = [];
    for (const name of ['.', ...(await readdir(folder, { recursive: true }))]) {
      const { mode } = await stat(join(folder, name));
      if ((mode & 0o077) !== 0) found.push(`${name} ${(mode & 0o777).toString(8)}`);
    }
    return found;
  };

  test('folder, files, what SQLite makes, backups and what is restored are for their owner alone, and an older folder is made so at the start [rev:sec-22]', async (t) => {
    process.umask(0o022);
    const place = await mkdtemp(join(tmpdir(), 'ateneo-rights-'));
    t.after(() => rm(place, { recursive: true, force: true }));
    const data = join(place, 'data');
    const environment = { DATA_DIR: data, SEED: 'empty', MASTER_KEY, PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'silent' };
    const running = await AllInOne.start(environment);
    assert.ok((await readdir(data)).some((name) => name.endsWith('-wal')));
    assert.deepEqual(await open(data), []);
    await running.close();
    await mkdir(join(data, 'files'), { recursive: true });
    await writeFile(join(data, 'files', 'one'), 'x');
    for (const name of ['files', 'files/one', 'identity.keys.sqlite', 'installation.json', '.']) await chmod(join(data, name), 0o755);
    const again = await AllInOne.start(environment);
    assert.deepEqual(await open(data), []);
    const backup = join(place, 'backup');
    process.umask(0o022);
    await mkdir(backup);
    assert.equal((await commandLine(environment, 'backup', backup)).code, 0);
    assert.deepEqual(await open(backup), []);
    await again.close();
    for (const name of await readdir(join(backup, 'data'))) await chmod(join(backup, 'data', name), 0o755);
    process.umask(0o022);
    const restored = { ...environment, DATA_DIR: join(place, 'restored') };
    assert.equal((await commandLine(restored, 'restore', backup, '--no-newer-register')).code, 0);
    assert.deepEqual(await open(restored.DATA_DIR), []);
  });
});
