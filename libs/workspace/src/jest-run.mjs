import { join, relative, sep } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { FileReport } from './file-report.mjs';
import { hearing } from './jest-reporter.mjs';

const WORKERS = 2;
const REPORTER = join(import.meta.dirname, 'jest-reporter.mjs');

/** One job for all specs beside the code: prints a line per file and failures in full, and adds to the tally. `name`: tests whose title it matches. */
export const jestJobs = (root, files, tally, options = {}) =>
  files.length === 0 ? [] : [{ name: 'specs beside the code', run: () => runJest(root, files, tally, options) }];

/** The runner writes suites and title once more above what failed. */
const REPEATED_TITLE = /^.* > .*\n/;

async function runJest(root, files, tally, { name }) {
  const silent = new Set(files);
  hearing.tell = (result) => {
    const file = relative(root, result.testFilePath).split(sep).join('/');
    if (silent.delete(file)) reportOf(result, file, name !== undefined).addTo(tally, file);
  };
  const { runCLI } = await import('jest');
  const argv = { $0: '', _: files.map((file) => join(root, file)), runTestsByPath: true, maxWorkers: WORKERS, reporters: [REPORTER] };
  await runCLI(name === undefined ? argv : { ...argv, testNamePattern: name }, [root]);
  for (const file of silent) {
    const report = new FileReport();
    report.close(file, false);
    report.addTo(tally, file);
  }
}

function reportOf({ testResults, testExecError, failureMessage, perfStats }, file, mayBeSilent) {
  const report = new FileReport();
  for (const { status, fullName, failureMessages } of testResults) {
    if (status === 'passed') report.passed += 1;
    else if (status === 'failed') report.failed(fullName, plain(failureMessages.join('\n')).replace(REPEATED_TITLE, ''));
    // what a name pattern leaves out is told as pending: that is a choice, not a skipped test
    else if (!mayBeSilent) report.skip(file, fullName, 'no reason given');
  }
  if (testExecError) report.failed('the file does not run', plain(failureMessage ?? String(testExecError.message)));
  report.ms = perfStats.end - perfStats.start;
  report.close(file, mayBeSilent);
  return report;
}

const plain = (text) => stripVTControlCharacters(text);
