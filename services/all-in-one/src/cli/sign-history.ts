import { join } from 'node:path';
import { checkStore, HistoryError, lockDataFolder, readAnchor, type SignedHead, signHead } from '@ateneo/event-sourcing';
import { ANCHOR, ANCHOR_KEY, chainOf } from '@ateneo/service-kit';
import { argumentsOf, type Command, CommandError, type DataFolder, dataFolder } from './command.js';
import { filesOf, type ServiceFile } from './data-files.js';

/** For a folder whose anchor is missing for a reason that is known: nothing shows afterwards that it was. */
export const signHistory: Command = {
  usage: 'sign-history',
  summary: 'signs what is there where the anchor is missing and the reason is known; the platform must not run',
  async run(args, { environment, say, complain }) {
    argumentsOf(args, 0, {});
    const data = dataFolder({ environment, say, complain });
    const unlock = lockDataFolder(data.folder);
    try {
      const files = await unsigned(data);
      for (const { service, name } of files) {
        const [damage] = checkStore(join(data.folder, name), data.derive(chainOf(service))).damages;
        if (damage) throw new CommandError(`the history of ${service} is damaged (${damage.why}): restore a backup instead`);
      }
      const heads = await signEach(data, { files, anew: true });
      for (const [service, { position }] of Object.entries(heads)) say(`${service}: signed up to position ${position}`);
      return 0;
    } finally {
      unlock();
    }
  },
};

/** A head that does not fit is no reason to sign anew. */
async function unsigned({ folder, derive }: DataFolder): Promise<ServiceFile[]> {
  const anchored = (await fitting(() => readAnchor(join(folder, ANCHOR), derive(ANCHOR_KEY)))) ?? {};
  const files = filesOf(folder, 'events').filter(({ service }) => !anchored[service]);
  if (files.length === 0)
    throw new CommandError(`every history of ${folder} has a signed head outside its file: look at them with «check»`);
  return files;
}

/** Signs the history of each service as it stands. Throws CommandError where it does not fit what was signed before. */
export async function signEach(
  { folder, derive }: Pick<DataFolder, 'folder' | 'derive'>,
  { files = filesOf(folder, 'events'), anew = false }: { readonly files?: readonly ServiceFile[]; readonly anew?: boolean } = {},
): Promise<Readonly<Record<string, SignedHead>>> {
  const anchor = { file: join(folder, ANCHOR), key: derive(ANCHOR_KEY) };
  const heads: Record<string, SignedHead> = {};
  for (const { service, name } of files) {
    const signing = { file: join(folder, name), hashKey: derive(chainOf(service)), service, anchor, now: Date.now(), anew };
    heads[service] = await fitting(() => signHead(signing));
  }
  return heads;
}

/** What does not fit the signed history is said in a sentence, without a stack. */
async function fitting<T>(look: () => T | Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof HistoryError) throw new CommandError(`${error.message}: look at it with «check» first`);
    throw error;
  }
}
