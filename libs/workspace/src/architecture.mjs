import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { cruise } from 'dependency-cruiser';
import { ESLint } from 'eslint';
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

/** Name of the rule: our own messages carry it before the colon; without a rule the file cannot be read, or a directive is left over. */
function ruleOf({ ruleId, message, fatal }) {
  if (ruleId === 'no-restricted-syntax') return message.slice(0, message.indexOf(':'));
  return ruleId ?? (fatal ? 'code-can-be-read' : 'directive-is-needed');
}

/** What ESLint refuses below `root`. */
export async function codeFindings(root) {
  const cache = root === repository ? { cache: true, cacheLocation: join(repository, 'node_modules/.cache/eslint/') } : {};
  const eslint = new ESLint({
    cwd: root,
    overrideConfigFile: join(repository, 'eslint.config.mjs'),
    errorOnUnmatchedPattern: false,
    ...cache,
  });
  const results = await eslint.lintFiles(['services', 'libs']);
  return results.flatMap(({ filePath, messages }) =>
    messages.map((message) => ({
      rule: ruleOf(message),
      file: `${relative(root, filePath)}:${message.line ?? 0}`,
      message: message.message,
    })),
  );
}
