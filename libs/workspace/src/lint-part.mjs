// A thread of `codeFindings`: one part of the tree through ESLint; answers its findings in one message.
import { join, relative } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { ESLint } from 'eslint';
import { root as repository } from './node24.mjs';

const { root, part } = workerData;

/** Name of the rule: our own messages carry it before the colon; without a rule the file cannot be read, or a directive is left over. */
function ruleOf({ ruleId, message, fatal }) {
  if (ruleId === 'no-restricted-syntax') return message.slice(0, message.indexOf(':'));
  return ruleId ?? (fatal ? 'code-can-be-read' : 'directive-is-needed');
}

const cache = root === repository ? { cache: true, cacheLocation: join(repository, `node_modules/.cache/eslint/${part}`) } : {};
const eslint = new ESLint({
  cwd: root,
  overrideConfigFile: join(repository, 'eslint.config.mjs'),
  errorOnUnmatchedPattern: false,
  ...cache,
});
const results = await eslint.lintFiles([part]);
parentPort.postMessage(
  results.flatMap(({ filePath, messages }) =>
    messages.map((message) => ({
      rule: ruleOf(message),
      file: `${relative(root, filePath)}:${message.line ?? 0}`,
      message: message.message,
    })),
  ),
);
