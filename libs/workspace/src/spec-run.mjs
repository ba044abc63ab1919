import { join, relative } from 'node:path';
import { run } from 'node:test';
import { inspect } from 'node:util';
import { FROM_SOURCE } from './node24.mjs';
import { seconds } from './tally.mjs';

const FILE_TIMEOUT_MS = 480_000;
const TEST_TIMEOUT_MS = 120_000;
const CONCURRENCY = 2;

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
    this.closed = true;
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

/** Runs spec files, each in a process of its own, prints a line per file and failures in full, and adds to the tally. */
export async function runSpecs(root, files, tally, { timeout = FILE_TIMEOUT_MS, name } = {}) {
  if (files.length === 0) return;
  const execArgv = [...FROM_SOURCE, `--test-timeout=${TEST_TIMEOUT_MS}`, '--test-force-exit'];
  const reports = new Map(files.map((file) => [file, new FileReport()]));
  const stream = run({
    files: files.map((file) => join(root, file)),
    concurrency: CONCURRENCY,
    timeout,
    execArgv,
    cwd: root,
    testNamePatterns: name,
  });
  // a test is told under the file that declares it, which for a conformance suite is another than the spec that runs it; files are told one after another
  let strays = [];
  for await (const { type, data } of stream) {
    const file = relative(root, data.file ?? data.name ?? '').replaceAll('\\', '/');
    const report = reports.get(file);
    if (!report) {
      if (type === 'test:pass' || type === 'test:fail') strays.push({ type, data });
      continue;
    }
    if (type === 'test:summary') {
      for (const stray of strays) {
        if (stray.type === 'test:pass') report.pass(stray.data, file);
        else report.fail(stray.data);
      }
      strays = [];
    }
    if (type === 'test:pass') report.pass(data, file);
    else if (type === 'test:fail') report.fail(data);
    else if (type === 'test:stdout' || type === 'test:stderr') report.output += data.message;
    else if (type === 'test:summary') {
      report.ms = data.duration_ms;
      report.close(file, name !== undefined);
    }
  }
  for (const [file, report] of reports) {
    if (!report.closed) report.close(file, name !== undefined);
    tally.passed += report.passed;
    tally.failed += report.failures.length;
    tally.skipped.push(...report.skipped);
  }
}
