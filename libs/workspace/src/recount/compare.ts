import { isDeepStrictEqual } from 'node:util';
import type { RecountedFigure, RecountedSet } from './recount.js';

/** What the recount says shortly, the product may say with labels. */
type AnsweredFigure = Omit<RecountedFigure, 'failing' | 'remainder' | 'time'> & {
  readonly failing: readonly (string | { readonly key: string })[];
  readonly remainder?: number | { readonly n: number } | null;
  readonly time?: RecountedFigure['time'];
};
type Row = {
  readonly requirementId: string;
  readonly applicable: boolean;
  readonly logged: number;
  readonly provisional: AnsweredFigure;
  readonly definitive: AnsweredFigure;
};
/** A set as the product answers it, as far as it is compared. */
export type AnsweredSet = Pick<RecountedSet, 'setId' | 'percent' | 'met' | 'missingAttestations' | 'track'> & {
  readonly requirements: readonly Row[];
};
/** Published sets, for the tracks that their requirements belong to. */
export type PublishedSet = {
  readonly tracks?: readonly { readonly key: string; readonly mode: string }[];
  readonly requirements: readonly { readonly id: string; readonly rule: { readonly kind: string; readonly track?: string } }[];
};

/** Where the answer of the product differs from the recount, one line a row; none = the same. */
export function differences(
  at: string,
  answered: readonly AnsweredSet[],
  recounted: readonly RecountedSet[],
  published: ReadonlyMap<string, PublishedSet>,
): string[] {
  return recounted.flatMap((set) => {
    const own = answered.find(({ setId }) => setId === set.setId);
    if (!own) return [`${at}, ${set.setId}: not in the answer`];
    const shown = set.requirements.filter(
      ({ requirementId }) => !isOfAnotherTrack(published.get(set.setId), requirementId, set.track.chosen),
    );
    const rows = shown.flatMap((row) =>
      difference(
        `${at}, ${set.setId}, ${row.requirementId}`,
        plain(own.requirements.find(({ requirementId }) => requirementId === row.requirementId)),
        plain(row),
      ),
    );
    return [...difference(`${at}, ${set.setId}`, head(own), head(set)), ...rows];
  });
}

const difference = (at: string, answered: unknown, recounted: unknown): string[] =>
  isDeepStrictEqual(answered, recounted) ? [] : [`${at}: ${JSON.stringify(answered)} stands, ${JSON.stringify(recounted)} was recounted`];

const head = ({ percent, met, missingAttestations, track }: Pick<RecountedSet, 'percent' | 'met' | 'missingAttestations' | 'track'>) => ({
  percent,
  met,
  missingAttestations,
  track,
});
const plain = (row: Row | undefined) =>
  row && { applicable: row.applicable, logged: row.logged, provisional: figure(row.provisional), definitive: figure(row.definitive) };
const figure = ({ n, achieved, progress, number, minimum, percent, met, levels, parts, failing, remainder, time }: AnsweredFigure) => ({
  ...{ n, achieved, progress, number, minimum, percent, met },
  levels: Object.fromEntries(
    Object.entries(levels)
      .filter(([, count]) => count > 0)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  ),
  parts: parts.map((part) => ({ key: part.key, n: part.n, number: part.number, minimum: part.minimum, met: part.met })),
  failing: failing.map((part) => (typeof part === 'string' ? part : part.key)),
  remainder: (typeof remainder === 'object' ? remainder?.n : remainder) ?? null,
  time: time ? { days: time.days, years: time.years } : null,
});

/** The recount lists what belongs to tracks that were not chosen; the product leaves it out (counting.md 14). */
function isOfAnotherTrack(set: PublishedSet | undefined, requirementId: string, chosen: string | null): boolean {
  const rule = set?.requirements.find(({ id }) => id === requirementId)?.rule;
  return rule?.kind === 'track' && rule.track !== chosen && set?.tracks?.find(({ key }) => key === rule.track)?.mode === 'elective';
}
