// npm run chaos -- --kills N [--seed S] [--seconds T]
import { parseArgs } from 'node:util';
import { runChaos } from './chaos/run.js';

const number = (text: string | undefined, otherwise: number): number =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : otherwise;
const { values } = parseArgs({ options: { kills: { type: 'string' }, seed: { type: 'string' }, seconds: { type: 'string' } } });
const seed = number(values.seed, Date.now() % 1_000_000);
const say = (line: string) => void process.stdout.write(`${line}\n`);
say(`chaos with seed ${seed}`);
const { findings, ...verdict } = await runChaos({ kills: number(values.kills, 20), seed, seconds: number(values.seconds, 600), say });
for (const finding of findings.slice(0, 50)) say(finding);
say(
  JSON.stringify({
    chaos: findings.length === 0 ? 'nothing lost, nothing doubled, counters right' : `${findings.length} findings`,
    seed,
    ...verdict,
  }),
);
if (findings.length > 0) process.exitCode = 1;
