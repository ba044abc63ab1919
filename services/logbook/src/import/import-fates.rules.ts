import type { logbook, Output } from '@ateneo/contracts';
import type { Fates } from './import.decider.js';

export type Fate = Output<typeof logbook.listImportRows>['rows'][number];

export const noFates = (): Fates => ({ new: 0, 'new-as-submitted': 0, 'amends-draft': 0, 'already-there': 0, refused: 0 });

/** Fates are kept one a line, the fate itself first, so that a reader skips lines without parsing them. */
export const fateLine = ({ fate, ...rest }: Fate): string => `${fate}\t${JSON.stringify(rest)}\n`;

/** Reads one page of the fates, all or of one kind, from the stream of their file. */
export async function fatesPage(
  bytes: AsyncIterable<unknown>,
  { fate, page, size }: { readonly fate?: Fate['fate']; readonly page: number; readonly size: number },
): Promise<Fate[]> {
  const [first, last] = [(page - 1) * size, page * size];
  const found: Fate[] = [];
  let [rest, seen] = ['', 0];
  const decoder = new TextDecoder();
  for await (const chunk of bytes) {
    const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const kind = line.slice(0, line.indexOf('\t')) as Fate['fate'];
      if (fate !== undefined && kind !== fate) continue;
      if (seen >= first) found.push({ fate: kind, ...(JSON.parse(line.slice(kind.length + 1)) as Omit<Fate, 'fate'>) });
      seen += 1;
      if (seen >= last) return found;
    }
  }
  return found;
}
