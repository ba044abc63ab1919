export const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

export const newTally = () => ({ passed: 0, failed: 0, skipped: [], times: [] });

/** So many of the slowest are told; a run of fewer tells of itself. */
const SLOWEST = 10;

/** Skipped tests with their reasons, what took longest, then the counts as last line; sets the exit code. */
export function printClosing({ passed, failed, skipped, times }) {
  if (skipped.length > 0) console.log(`\nskipped:\n${skipped.map(({ name, reason }) => `  ${name}: ${reason}`).join('\n')}`);
  if (times.length > SLOWEST) {
    const slowest = times.toSorted((a, b) => b.ms - a.ms).slice(0, SLOWEST);
    console.log(`\nslowest:\n${slowest.map(({ name, ms }) => `${seconds(ms).padStart(9)}  ${name}`).join('\n')}`);
  }
  console.log(`\n${passed} passed, ${failed} failed, ${skipped.length} skipped`);
  process.exitCode = failed > 0 ? 1 : 0;
}
