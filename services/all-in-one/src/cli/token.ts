import { unheard } from '@ateneo/event-sourcing';
import { demoAccessToken } from '@ateneo/demo';
import { addressOf, argumentsOf, type Command, CommandError, type Io, UsageError } from './command.js';

type DemoPerson = { readonly username: string; readonly name: string; readonly role: string };

/** Prints a bearer token of a demo person, valid for five minutes. */
export const token: Command = {
  usage: 'token --as <person>',
  summary: 'a bearer token of a demo person (user name, name or role) from the running platform',
  async run(args, io) {
    const { as } = argumentsOf(args, 0, { as: { type: 'string' } }).values;
    if (!as) throw new UsageError('--as is missing');
    io.say(await tokenOf(io, as));
    return 0;
  },
};

/** Throws CommandError where no platform runs, or it is no demo, or nobody fits. */
export async function tokenOf(io: Io, as: string): Promise<string> {
  const address = addressOf(io);
  const answer = await fetch(`${address}/api/demo-people`).catch(unheard('an address that does not answer is told below'));
  if (!answer?.ok) throw new CommandError(`no platform answers at ${address}: start it first, or set PORT or PUBLIC_URL`);
  const { people } = (await answer.json()) as { people: readonly DemoPerson[] };
  if (people.length === 0)
    throw new CommandError(`${address} is no demo: tokens come from the sign-in of people and from service accounts`);
  const wanted = as.toLowerCase();
  const found =
    people.find(({ username }) => username === wanted) ??
    people.find(({ name }) => name.toLowerCase() === wanted) ??
    people.find(({ role }) => role === wanted);
  if (!found)
    throw new CommandError(
      `nobody of the demo is called «${as}»; there are ${people.map(({ username, role }) => `${username} (${role})`).join(', ')}`,
    );
  const text = await demoAccessToken(address, found.username);
  if (!text) throw new CommandError(`${address} did not sign ${found.username} in`);
  return text;
}
