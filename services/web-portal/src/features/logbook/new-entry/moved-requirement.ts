import { call, type OutputOf } from '../../../api/client.js';

type Counters = OutputOf<'reporting.show-counters'>;
type Moved = { label: { it: string; en: string }; from: number; to: number };
const patience = 2_000;
/** Figures that do not come in time are shown on the next page. */
const withoutFigures = (): undefined => undefined;

const provisional = (counters: Counters) =>
  counters.sets
    .flatMap(({ requirements }) => requirements)
    .map((requirement) => ({ id: requirement.requirementId, label: requirement.label, n: requirement.provisional.n }));

/** Which requirement a submitted entry moved, told from the counters before and after; nothing when they do not tell within two seconds. */
export const movedRequirement = async (
  traineeId: string,
  before: Counters | undefined,
  after: string | undefined,
): Promise<Moved | undefined> => {
  if (!before) return undefined;
  const old = new Map(provisional(before).map(({ id, n }) => [id, n]));
  const now = await call('reporting.show-counters', { traineeId, after }, { signal: AbortSignal.timeout(patience) }).catch(withoutFigures);
  const changed = (now ? provisional(now) : []).find(({ id, n }) => (old.get(id) ?? n) !== n);
  return changed && { label: changed.label, from: old.get(changed.id) ?? 0, to: changed.n };
};
