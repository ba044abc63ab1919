import { seconds } from './tally.mjs';

export const indent = (text) => text.replace(/^/gm, '    ');

/** What one spec file has told so far, whichever runner runs it. */
export class FileReport {
  passed = 0;
  failures = [];
  skipped = [];
  output = '';
  ms = 0;

  failed(name, told) {
    this.failures.push(`${name}\n${indent(told)}`);
  }

  skip(file, name, reason) {
    this.skipped.push({ name: `${file} › ${name}`, reason });
  }

  /** A file that told of no test is a failure: something kept it from running. Where tests are chosen by name it may hold none of them. */
  close(file, mayBeSilent) {
    const silent = this.passed + this.failures.length + this.skipped.length === 0;
    if (silent && !mayBeSilent) this.failures.push('ran no test');
    if (!silent || !mayBeSilent) this.print(file);
  }

  addTo(tally, file) {
    tally.times.push({ name: file, ms: this.ms });
    tally.passed += this.passed;
    tally.failed += this.failures.length;
    tally.skipped.push(...this.skipped);
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
