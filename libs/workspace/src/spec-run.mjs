import { join } from 'node:path';
import { run } from 'node:test';
import { inspect } from 'node:util';
import { runJobs } from './jobs.mjs';
import { FROM_SOURCE } from './node24.mjs';
import { seconds } from './tally.mjs';

const FILE_TIMEOUT_MS = 480_000;
const TEST_TIMEOUT_MS = 120_000;

const indent = (text) => text.replace(/^/gm, '    ');
const reasonOf = (skip) => (typeof skip === 'string' && skip !== '' ? skip : 'no reason given');

/** What one spec file has told so far. */
class FileReport {
  passed = 0;
  failures = [];
  skipped = [];
  output = '';
  ms = 0;

  pass(event, file) {
    // a file without tests passes under its own name
    if (event.details.type === 'suite' || event.name === event.file) return;
    if (event.skip !== undefined) this.skipped.push({ name: `${file} › ${event.name}`, reason: reasonOf(event.skip) });
    else this.passed += 1;
  }

  fail(event) {
    const { error, type } = event.details;
    // a suite fails because its tests do: they are told already
    if (type === 'suite' && error.failureType === 'subtestsFailed') return;
    this.failures.push(`${event.name}\n${indent(inspect(error.cause ?? error, { depth: 6 }))}`);
  }

  /** A file that told of no test is a failure: something kept it from running. Where tests are chosen by name it may hold none of them. */
  close(file, mayBeSilent) {
    const silent = this.passed + this.failures.length + this.skipped.length === 0;
    if (silent && !mayBeSilent) this.failures.push('ran no test');
    if (!silent || !mayBeSilent) this.print(file);
  }

  print(file) {
    const counts = [
      `${this.passed} passed`,
      this.failures.length > 0 && `${this.failures.length} failed`,
      this.skipped.length > 0 && `${this.skipped.length} skipped`,
    ];
    console.log(`${this.failures.length > 0 ? '✖' : '✔'} ${file}  ${counts.filter(Boolean).join(', ')} (${seconds(this.ms)})`);
    for (const failure of this.failures) console.log(`  ✖ ${failure}`);
    if (this.failures.length > 0 && this.output !== '') console.log(indent(this.output.trimEnd()));
  }
}

/** Runs one spec file in a process of its own; answers what it told. All tests are its own, also those that a conformance suite in another file declares. */
async function reportOf(root, file, { timeout = FILE_TIMEOUT_MS, name }) {
  const report = new FileReport();
  const stream = run({
    files: [join(root, file)],
    timeout,
    execArgv: [...FROM_SOURCE, `--test-timeout=${TEST_TIMEOUT_MS}`, '--test-force-exit'],
    cwd: root,
    testNamePatterns: name,
  });
  for await (const { type, data } of stream) {
    if (type === 'test:pass') report.pass(data, file);
    else if (type === 'test:fail') report.fail(data);
    else if (type === 'test:stdout' || type === 'test:stderr') report.output += data.message;
  }
  return report;
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
      tally.passed += report.passed;
      tally.failed += report.failures.length;
      tally.skipped.push(...report.skipped);
      tally.times.push({ name: file, ms: report.ms });
    },
  }));

/** Runs spec files and nothing else. */
export const runSpecs = (root, files, tally, options) => runJobs(specJobs(root, files, tally, options));
