import { NON_PROFESSIONAL, type reporting } from '@ateneo/contracts';
import type { DayNumber } from './calendar.rules.js';
import { stretchAt, stretchesOf, SUBMITTED, windowMasks, type CountedState, type Reference } from './facts.rules.js';
import type { Shape } from './shape.rules.js';

export type Remark = reporting.Counters['remarks'][number];
export type EntryFact = {
  readonly entryId: string;
  readonly shape: Shape;
  readonly state: CountedState;
  readonly quantity: number;
  readonly from: DayNumber;
  readonly to: DayNumber;
};
/** Of every school, outside every requirement set: they are meant to count nowhere. */
const nonProfessional = new Set(NON_PROFESSIONAL.map((it) => it.code));
type Placed = { readonly entry: EntryFact; readonly requirementId: string };

const overlapping = (periods: readonly Placed[]): Remark[] =>
  periods
    .filter(({ entry, requirementId }) =>
      periods.some((it) => it.requirementId !== requirementId && it.entry.from <= entry.to && entry.from <= it.entry.to),
    )
    .map(({ entry, requirementId }) => ({ code: 'periods-overlap', entryId: entry.entryId, requirementId }));

/** Entries that count somewhere oddly or nowhere (counting.md 6, 8, 12, 21); they never change a number. */
export const remarksOn = (entries: Iterable<EntryFact>, reference: Reference, asOf: DayNumber): Remark[] => {
  const stretches = stretchesOf(reference);
  const sets = reference.sets.map((set) => ({ set, masks: windowMasks(set, reference, stretches) }));
  const remarks = new Map<string, Remark>();
  const periods: Placed[] = [];
  const note = (remark: Remark): void => void remarks.set(`${remark.code} ${remark.entryId} ${remark.requirementId ?? ''}`, remark);
  for (const entry of entries) {
    const { entryId, shape, state, from } = entry;
    if (state < SUBMITTED || from > asOf) continue;
    if (shape.activities.some((code) => !nonProfessional.has(code) && !sets.some(({ set }) => set.knows(code))))
      note({ code: 'activity-unmapped', entryId });
    const stretch = stretchAt(stretches, from);
    const routes = sets.map(({ set, masks }) => ({ set, route: set.route(shape, masks[stretch] ?? 0) }));
    if (shape.creditedTo !== null && !routes.some(({ route }) => route.creditLands))
      note({ code: 'cross-credit-lapsed', entryId, requirementId: shape.creditedTo });
    for (const { set, route } of routes) {
      for (const oddity of route.oddities) note({ ...oddity, entryId });
      for (const index of route.rotations)
        periods.push({
          entry: entry.to > asOf ? { ...entry, to: asOf } : entry,
          requirementId: set.requirements[index]?.requirement.id ?? '',
        });
    }
  }
  for (const remark of overlapping(periods)) note(remark);
  return [...remarks.values()];
};
