export const newTally = () => ({ passed: 0, failed: 0, skipped: [] });

/** Skipped tests with their reasons, then the counts as last line; sets the exit code. */
export function printClosing(tally) {
  if (tally.skipped.length > 0) console.log(`\nskipped:\n${tally.skipped.map(({ name, reason }) => `  ${name}: ${reason}`).join('\n')}`);
  console.log(`\n${tally.passed} passed, ${tally.failed} failed, ${tally.skipped.length} skipped`);
  process.exitCode = tally.failed > 0 ? 1 : 0;
}

export const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;
