// Part of npm test: what the contracts say now against what consumers were last promised (docs/schemas/released.json).
import { readFileSync } from 'node:fs';
import { contractBreaches } from './contract-compatibility.js';
import { type Contracts, currentContracts } from './contract-snapshot.js';

const released = JSON.parse(readFileSync(new URL('../../../docs/schemas/released.json', import.meta.url), 'utf8')) as Contracts;
const breaches = contractBreaches(released, currentContracts());
for (const { sentence } of breaches) console.log(sentence);
if (breaches.length > 0) process.exitCode = 1;
