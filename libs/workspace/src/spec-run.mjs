import { join } from 'node:path';
import { run } from 'node:test';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { FileReport } from './file-report.mjs';
import { runJobs } from './jobs.mjs';
import { FROM_SOURCE } from './node24.mjs';

const FILE_TIMEOUT_MS = 900_000;
const TEST_TIMEOUT_MS = 120_000;

const SPEC_END = pathToFileURL(join(import.meta.dirname, 'spec-end.mjs')).href;
const reasonOf = (skip) => (typeof skip === 'string' && skip !== '' ? skip : 'no reason given');

function pass(report, event, file) {
  // a file without tests passes under its own name
  if (event.details.type === 'suite' || event.name === event.file) return;
  if (event.skip !== undefined) report.skip(file, event.name, reasonOf(event.skip));
  else report.passed += 1;
}

function fail(report, event) {
  const { error, type } = event.details;
  // a suite fails because its tests do: they are told already
  if (type === 'suite' && error.failureType === 'subtestsFailed') return;
  report.failed(event.name, inspect(error.cause ?? error, { depth: 6 }));
}

/** A process that was cut off told of some tests and not of the end: it is begun again so often at most. */
const ATTEMPTS = 3;
const CUT_OFF = 'ended before it had told of all its tests';

/** Runs one spec file in a process of its own; answers what it told. All tests are its own, also those that a conformance suite in another file declares. */
async function reportOf(root, file, options) {
  let last;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { report, toTheEnd } = await attemptAt(root, file, options);
    if (toTheEnd || report.failures.length > 0) return report;
    last = report;
  }
  last.failures.push(CUT_OFF);
  return last;
}

async function attemptAt(root, file, { timeout = FILE_TIMEOUT_MS, name }) {
  const report = new FileReport();
  let toTheEnd = false;
  const stream = run({
    files: [join(root, file)],
    timeout,
    execArgv: [...FROM_SOURCE, '--import', SPEC_END, `--test-timeout=${TEST_TIMEOUT_MS}`, '--test-force-exit'],
    cwd: root,
    testNamePatterns: name,
  });
  for await (const { type, data } of stream) {
    if (type === 'test:pass') pass(report, data, file);
    else if (type === 'test:fail') fail(report, data);
    else if (type === 'test:stdout' || type === 'test:stderr') report.output += data.message;
    else if (type === 'test:summary' && data.file !== undefined) toTheEnd = true;
  }
  return { report, toTheEnd };
}

/** A job per spec file: prints a line, and failures in full, and adds to the tally. */
export const specJobs = (root, files, tally, options = {}) =>
  files.map((file) => ({
    name: file,
    run: async () => {
      const started = performance.now();
      const report = await reportOf(root, file, options);
      report.ms = performance.now() - started;
      report.close(file, options.name !== undefined);
      report.addTo(tally, file);
    },
  }));

/** Runs spec files and nothing else. */
export const runSpecs = (root, files, tally, options) => runJobs(specJobs(root, files, tally, options));
