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

/** The types of the whole repository stand in one heap. */
const HEAP_MB = 6144;

/** What ESLint refuses below `root`: the repository in a thread with room of its own, a probe here. */
export async function codeFindings(root) {
  if (root !== repository) return (await import('./lint-tree.mjs')).lintTree(root);
  const worker = new Worker(new URL('./lint-thread.mjs', import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: HEAP_MB } });
  const [findings] = await once(worker, 'message');
  return findings;
}
