import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

const SKIPPED = new Set(['node_modules', 'dist', 'probes', 'coverage', 'tmp']);
const isSource = (name) => /\.(tsx?|mts|mjs|cjs|js)$/.test(name);
const isSpec = (file) => /^(libs|services)\/[^/]+\/(src|test|conformance)\/.*\.spec\.tsx?$/.test(file);
/** Beside the code Jest runs it, elsewhere Node's own runner in a process of its own (ADR 0001). */
export const isBesideCode = (file) => /^(libs|services)\/[^/]+\/src\//.test(file);

/** Paths below `folder` with `/` between, relative to `base`; generated and installed folders left out. */
export function* filesBelow(folder, base = folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!SKIPPED.has(entry.name) && !entry.name.startsWith('.')) yield* filesBelow(path, base);
    } else if (isSource(entry.name)) yield relative(base, path).split(sep).join('/');
  }
}

/** Every spec of the repository, or of one project of it. */
export const specFiles = (root, project = '') => [...filesBelow(root)].filter((file) => isSpec(file) && file.startsWith(project)).sort();

/** A type alone says what a helper is handed. */
const USES_RUNNER = /import (?!type\b)[^;]*from ['"]node:test['"]|require\(['"]node:test['"]\)/;
const HOLDS_TEST = /\b(test|it)\s*(\.\w+)?\(|\b\w+Conformance\(/;
const BORROWS = /\b\w+Conformance\(/;
const ASSERTS = /\bassert\b\s*[.(]|\.then[A-Z]\w*\(|\.then\(|\b\w+Conformance\(|\bassert[A-Z]\w*\(/;

/** Files with tests that no run would ever reach, and specs that could never fail. */
export function testFileFindings(root) {
  const findings = [];
  for (const file of filesBelow(root)) {
    const text = readFileSync(join(root, file), 'utf8');
    const spec = isSpec(file);
    if (
      USES_RUNNER.test(text) &&
      !spec &&
      !/\/(conformance|test)\/[^.]*\.conformance\.ts$/.test(file) &&
      !file.startsWith('libs/workspace/src/')
    ) {
      findings.push({ rule: 'a-test-is-run', file, message: 'uses the test runner, but no run picks this file up' });
    }
    // a suite that is declared elsewhere brings its runner with it
    const onNode = USES_RUNNER.test(text) || (!isBesideCode(file) && BORROWS.test(text));
    if (spec && isBesideCode(file) === onNode) {
      const message = isBesideCode(file)
        ? 'stands beside the code, where Jest runs it: no node:test'
        : 'stands apart from the code: node:test runs it';
      findings.push({ rule: 'a-spec-has-one-runner', file, message });
    }
    if (spec && !(HOLDS_TEST.test(text) && ASSERTS.test(text)))
      findings.push({ rule: 'a-spec-can-fail', file, message: 'holds no test with an assertion' });
  }
  return findings;
}
