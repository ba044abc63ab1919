import { randomUUID } from 'node:crypto';
import { identity, logbook, subjectOf } from '@ateneo/contracts';
import { RunningPlatform } from './running-platform.js';
import { anEntry, everybody, newId } from './small-world.js';
import { exercise, NAMES } from './typed-words.js';

const TAX_CODE = 'QRXZBL80A01H501K';

/** Does at level debug what people do, well and badly, and ends by saying who they are. */
const platform = await RunningPlatform.start({ demo: true, names: NAMES, environment: { LOG_LEVEL: 'debug' } });
const people = everybody(platform.world);
const [school] = platform.world.schools;
const [trainee] = school.trainees;
const [first] = people;
if (!trainee || !first) throw new Error('nobody is there');
const { familyName, email } = trainee;
const { url } = platform.running;

await platform.done(logbook.recordEntry, anEntry(newId(), { note: `nota di ${familyName}, ${TAX_CODE}` }), trainee.caller);
const as = await platform.http(first.username);
await as('POST', '/people', { personId: newId(), username: email, givenName: familyName, familyName: TAX_CODE, email: `non ${email}` });
await as('GET', `/people?text=${encodeURIComponent(familyName)}&page=${TAX_CODE}`);
await as('GET', `/${encodeURIComponent(email)}/${TAX_CODE}`);
await fetch(`${url}/api/people`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: `{"familyName":"${familyName}` });
await fetch(`${url}/api/me`, { headers: { authorization: `Bearer ${email}` } });
await fetch(`${url}/${encodeURIComponent(email)}`, { redirect: 'manual' });

const typed = await exercise(platform);
const { administrator } = platform.world;
await platform.done(identity.erasePerson, { personId: trainee.personId, protocol: '0000007/2026' }, administrator.caller);
await platform.running.settled();

// An operation that fails inside, with an error that quotes what it was given.
const { passports, bus } = platform.running.platform;
const [i, p] = [TAX_CODE, JSON.stringify(first.caller)];
const { name } = identity.registerPerson;
const failed = await bus.request(subjectOf(identity.registerPerson), { i, p, ...passports.stamp(name, p, i), r: randomUUID() });
await platform.close();
process.stdout.write(JSON.stringify({ words: [TAX_CODE, ...typed], failed }));
