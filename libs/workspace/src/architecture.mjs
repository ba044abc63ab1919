import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { cruise } from 'dependency-cruiser';
import { root as repository } from './node24.mjs';

const settings = createRequire(import.meta.url)(join(repository, '.dependency-cruiser.cjs'));

/** Names of the rules on imports. */
export const importRules = [...new Set(settings.forbidden.map((rule) => rule.name))];

/** Imports below `root` that break an architecture rule. */
export async function importFindings(root) {
  const folders = ['services', 'libs'].filter((folder) => existsSync(join(root, folder)));
  const { forbidden, options } = settings;
  const tsConfig = (await import('dependency-cruiser/config-utl/extract-ts-config')).default(options.tsConfig.fileName);
  const { output } = await cruise(
    folders,
    { ...options, ruleSet: { forbidden }, validate: true, baseDir: root },
    options.enhancedResolveOptions,
    { tsConfig },
  );
  return output.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, file: from, message: `imports ${to}` }));
}

/** Folders linted together: each part has a heap of its own, for ESLint keeps the types of every project it has opened. */
const PARTS = ['services', 'libs'];
const HEAP_MB = 6144;

/** What ESLint refuses below `root`. */
export async function codeFindings(root) {
  const found = [];
  for (const part of PARTS) found.push(...(await lintApart(root, part)));
  return found;
}

async function lintApart(root, part) {
  const worker = new Worker(new URL('./lint-part.mjs', import.meta.url), {
    workerData: { root, part },
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  });
  const [findings] = await once(worker, 'message');
  return findings;
}
