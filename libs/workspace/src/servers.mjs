// Gets the servers and checkers that tests use and npm does not bring; what cannot be had is said, and its tests skip with the reason.
// --within <seconds>: begins nothing after that time; what was begun goes on where it was the next time.
import { parseArgs } from 'node:util';
import { prepareKeycloak } from './keycloak.mjs';
import { prepareMongo } from './mongo.mjs';
import { prepareNats } from './nats.mjs';
import { prepareS3 } from './s3.mjs';
import { prepareSchemathesis } from './schemathesis.mjs';
import { prepareToxiproxy } from './toxiproxy.mjs';
import { prepareVeraPdf } from './verapdf.mjs';

/** What most tests need first, what takes longest last. */
const NEEDED = {
  nats: prepareNats,
  mongo: prepareMongo,
  verapdf: prepareVeraPdf,
  schemathesis: prepareSchemathesis,
  keycloak: prepareKeycloak,
  toxiproxy: prepareToxiproxy,
  s3: prepareS3,
};

const { within } = parseArgs({ options: { within: { type: 'string', default: '1800' } } }).values;
const until = Date.now() + Number(within) * 1_000;

for (const [name, prepare] of Object.entries(NEEDED)) {
  const began = Date.now();
  if (began >= until) {
    console.log(`${name} is not looked for: ${within} s are over`);
    continue;
  }
  try {
    const { available, because } = prepare(until - began);
    console.log(available ? `${name} is here (${Math.round((Date.now() - began) / 1_000)} s)` : because);
  } catch (error) {
    console.log(`${name} could not be had: ${error.message}`);
  }
}
