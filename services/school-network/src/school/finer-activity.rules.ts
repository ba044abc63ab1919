import type { Activity, Localised } from '@ateneo/contracts';

type Asked = { readonly code: string; readonly label: Localised; readonly feeds: Activity['feeds']; readonly bulk: boolean };
type Wrong = { readonly twice: string } | { readonly missing: { readonly requirementId: string; readonly part?: string } };

/** What the derived activities ask for on the way to the same requirements, each axis once with all its values. */
function requiresOf(derived: readonly Activity[]): Activity['requires'] {
  const axes = new Map<string, Activity['requires'][number]>();
  for (const { axis, values } of derived.flatMap(({ requires }) => requires)) {
    const known = axes.get(axis)?.values ?? [];
    axes.set(axis, { axis, values: [...known, ...values.filter(({ value }) => !known.some((one) => one.value === value))] });
  }
  return [...axes.values()];
}

/** A finer activity of a school takes kind, unit and classified fields from the derived activities that feed the same requirements (counting.md 21). */
export function finerActivity({ code, label, feeds, bulk }: Asked, setId: string, derived: readonly Activity[]): Activity | Wrong {
  const sources: Activity[] = [];
  const seen = new Set<string>();
  for (const { requirementId, part } of feeds) {
    if (seen.has(requirementId)) return { twice: requirementId };
    seen.add(requirementId);
    const source = derived.find(
      ({ kind, feeds: fed }) => kind !== 'rotation' && fed.some((one) => one.requirementId === requirementId && one.part === part),
    );
    if (!source || (source.kind === 'credits' && feeds.length > 1)) return { missing: { requirementId, part } };
    sources.push(source);
  }
  const [first] = sources;
  if (!first) return { missing: { requirementId: '' } };
  const tracks = new Set(sources.map(({ track }) => track));
  return {
    code,
    setId,
    label,
    kind: sources.some(({ kind }) => kind === 'cross-credit') ? 'cross-credit' : first.kind,
    feeds,
    unit: sources.find(({ kind }) => kind === 'act')?.unit ?? first.unit,
    bulk,
    requires: requiresOf(sources),
    simulationAllowed: sources.some(({ simulationAllowed }) => simulationAllowed),
    ...(tracks.size === 1 && first.track !== undefined ? { track: first.track } : {}),
  };
}
