import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './infra-files.js';

type Sbom = { readonly components: readonly { readonly name: string; readonly version: string; readonly hashes?: readonly unknown[] }[] };

const MB = 1e6;
/** gcr.io/distroless/cc-debian12: C library, certificates, time zones. */
const BASE_BYTES = 30 * MB;
const NOT_TO_RUN = ['typescript', 'nx', '@swc/core', 'vite', 'playwright-core', 'eslint'];

const built = (service: string): string | undefined =>
  existsSync(join(root, 'services', service, 'dist/main.js')) ? undefined : `${service} is not built: npm run build`;

/** The largest service, and the one that serves the portal. */
for (const service of ['reporting', 'api-gateway'])
  describe(`what the image of ${service} holds`, { skip: built(service) }, () => {
    let folder: string;

    before(() => {
      folder = mkdtempSync(join(tmpdir(), 'ateneo-image-'));
      execFileSync(process.execPath, [join(root, 'libs/workspace/src/image.mjs'), service, folder], { stdio: 'ignore' });
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    test('is at most 250 MB with Node and the C library [arch:2]', () => {
      const files = globSync('**/*', { cwd: folder, withFileTypes: true }).filter((entry) => entry.isFile());
      const bytes = files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
      const whole = bytes + statSync(process.execPath).size + BASE_BYTES;
      assert.ok(whole <= 250 * MB, `${Math.round(whole / MB)} MB`);
    });

    test('is all that it and its adapters load, without anything around it [arch:2]', () => {
      const loads = [
        `./services/${service}/dist/${service}.module.js`,
        '@ateneo/messaging/nats',
        '@ateneo/event-sourcing/kurrent',
        '@ateneo/event-sourcing/mongo',
        '@ateneo/read-models/mongo',
        '@ateneo/files',
      ];
      const code = `await import('reflect-metadata'); for (const name of ${JSON.stringify(loads)}) await import(name);`;
      execFileSync(process.execPath, ['--input-type=module', '--disable-warning=ExperimentalWarning', '-e', code], {
        cwd: folder,
        stdio: ['ignore', 'ignore', 'pipe'],
        env: {},
      });
    });

    test('has no tool of development, and a bill of materials that names every package with its hash [arch:6]', () => {
      for (const name of NOT_TO_RUN) assert.ok(!existsSync(join(folder, 'node_modules', name)), name);
      const { components } = JSON.parse(readFileSync(join(folder, 'sbom.cdx.json'), 'utf8')) as Sbom;
      const held = globSync('**/node_modules/{*,@*/*}/package.json', { cwd: folder }).filter((file) => !file.includes('@ateneo'));
      const packages = held.map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as { name?: string; version?: string });
      const named = new Set(components.map(({ name, version }) => `${name}@${version}`));
      const wanting = packages.filter(({ name, version }) => name && version && !named.has(`${name}@${version}`));
      assert.ok(components.length > 50);
      assert.deepEqual(wanting, []);
      assert.deepEqual(
        components.filter(({ hashes }) => !hashes).map(({ name }) => name),
        [],
      );
    });
  });
