/** The benches of the platform with their unit and goal; `slower` says that ours and reference are times, so the ratio is turned round. */
export const GOALS = {
  F1: { unit: 'appends/s', goal: 'ratio >= 0.7' },
  F2: { unit: 'events/s', goal: 'ratio >= 0.8' },
  F3: { unit: 'facts/s', goal: 'ratio >= 0.5' },
  F4: { unit: 'commands/s', goal: 'ratio >= 0.35' },
  F4D: { unit: 'commands/s', goal: 'ratio >= 0.6' },
  F5: { unit: 'ms', goal: 'p99 <= 100' },
  F5D: { unit: 'ms', goal: 'p99 <= 150' },
  F6: { unit: 's', goal: 'ratio >= 10 and ours <= 0.3', slower: true },
  F7: { unit: 'reports/s', goal: 'ratio >= 0.8' },
  F8: { unit: 'events/s', goal: 'ratio >= 1.7' },
  F9: { unit: 'ms, MB', goal: 'startMs <= 3000, rssStartMb <= 350, rssAfterF4Mb <= 600' },
  F10: { unit: 'ms', goal: 'p99 <= 50' },
  F11: { unit: 'events/s', goal: 'ratio >= 0.7' },
  F12: { unit: 'events/s', goal: 'ratio >= 0.7' },
  F13: { unit: 'ms, MB', goal: 'rss ratio <= 1.5, startMs <= 1500' },
  F14: { unit: 'ms', goal: 'p999 <= 50' },
  F17: { unit: 'requests/s, ms, MB', goal: 'capacity >= 1500, p99 <= 300, liveP99 <= 100, rssMb <= 600, lost = 0' },
};

const round = (value) => Math.round(value * 1000) / 1000;

/** One line of the report, from what a bench measured. */
export function resultLine(name, { ours, reference = null }) {
  const { unit, goal, slower } = GOALS[name];
  const comparable = typeof ours === 'number' && typeof reference === 'number';
  const ratio = comparable ? round(slower ? reference / ours : ours / reference) : null;
  return { bench: name, ours, reference, ratio, unit, goal };
}
