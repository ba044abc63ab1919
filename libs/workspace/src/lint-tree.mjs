import { join, relative } from 'node:path';
import { ESLint } from 'eslint';
import ts from 'typescript';
import { root as repository } from './node24.mjs';
import { PROGRAMS } from './types.mjs';

/** Name of the rule: our own messages carry it before the colon; without a rule the file cannot be read, or a directive is left over. */
function ruleOf({ ruleId, message, fatal }) {
  if (ruleId === 'no-restricted-syntax') return message.slice(0, message.indexOf(':'));
  return ruleId ?? (fatal ? 'code-can-be-read' : 'directive-is-needed');
}

function programOf(config) {
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: ({ messageText }) => Promise.reject(new Error(String(messageText))) };
  const { fileNames, options } = ts.getParsedCommandLineOfConfigFile(config, {}, host);
  return ts.createProgram({ rootNames: fileNames, options });
}

/**
 * The repository is linted with the programs in which its types are looked at, so that what projects share is worked out once,
 * and a file that stands in none of them is found; a probe with the one that its own tsconfig makes.
 */
const typed = () => ({
  files: ['**/*.{ts,tsx}'],
  languageOptions: { parserOptions: { projectService: false, programs: PROGRAMS.map((config) => programOf(join(repository, config))) } },
});

/** What ESLint refuses below `root`. */
export async function lintTree(root) {
  const eslint = new ESLint({
    cwd: root,
    overrideConfigFile: join(repository, 'eslint.config.mjs'),
    overrideConfig: root === repository ? [typed()] : [],
    errorOnUnmatchedPattern: false,
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
