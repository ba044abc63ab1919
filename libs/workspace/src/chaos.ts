// npm run chaos -- [--distributed [--as-deployed] [--reporting N] [--nats-nodes 1|3] [--data FOLDER]] --kills N [--seed S] [--seconds T]
import { parseArgs } from 'node:util';
import { buildWhatIsStale } from './build.mjs';
import { runDistributedChaos } from './chaos/distributed.js';
import { runChaos } from './chaos/run.js';
import { tableOf } from './chaos/trouble-maker.js';

const number = (text: string | undefined, otherwise: number): number =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : otherwise;
const { values } = parseArgs({
  options: {
    distributed: { type: 'boolean', default: false },
    'as-deployed': { type: 'boolean', default: false },
    kills: { type: 'string' },
    seed: { type: 'string' },
    seconds: { type: 'string' },
    reporting: { type: 'string' },
    'nats-nodes': { type: 'string' },
    data: { type: 'string' },
  },
});
const seed = number(values.seed, Date.now() % 1_000_000);
const kills = number(values.kills, 20);
const seconds = number(values.seconds, 600);
const say = (line: string) => void process.stdout.write(`${line}\n`);

async function embedded(): Promise<readonly string[]> {
  const { findings, ...verdict } = await runChaos({ kills, seed, seconds, say });
  conclude(findings, verdict);
  return findings;
}

async function distributed(): Promise<readonly string[]> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
  const reporting = number(values.reporting, 3);
  const natsNodes = number(values['nats-nodes'], 1) === 3 ? 3 : 1;
  const verdict = await runDistributedChaos({
    troubles: kills,
    seed,
    seconds,
    reporting,
    natsNodes,
    asDeployed: values['as-deployed'],
    home: values.data,
    signal: stop.signal,
    say,
  });
  for (const line of tableOf(verdict.troubles)) say(line);
  const { findings, troubles: _table, ...rest } = verdict;
  conclude(findings, {
    ...rest,
    again: `npm run chaos -- --distributed${values['as-deployed'] ? ' --as-deployed' : ''} --kills ${kills} --seed ${seed} --seconds ${seconds} --reporting ${reporting} --nats-nodes ${natsNodes}`,
  });
  return findings;
}

function conclude(findings: readonly string[], verdict: object): void {
  for (const finding of findings.slice(0, 50)) say(finding);
  const chaos = findings.length === 0 ? 'nothing lost, nothing doubled, counters right' : `${findings.length} findings`;
  say(JSON.stringify({ chaos, seed, ...verdict }));
}

say(`chaos with seed ${seed}`);
if ((await buildWhatIsStale()) === undefined) process.exitCode = 1;
else if ((await (values.distributed ? distributed() : embedded())).length > 0) process.exitCode = 1;
