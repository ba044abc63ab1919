import { type DataOf, type identityEvents, type schoolNetworkEvents } from '@ateneo/contracts';
import { type CollectionSpec, documentProjection } from '@ateneo/read-models';
import type { ImportEvent } from './import.decider.js';

type Stage = 'checking' | 'checked' | 'importing' | 'ended';
export type KnownImport = { readonly importId: string; readonly is: Stage; /** ISO instant of its last event */ readonly since: string };
export const imports: CollectionSpec<KnownImport> = {
  name: 'imports',
  version: 1,
  columns: { is: ({ is }) => is, since: ({ since }) => since },
};

const STAGES: Readonly<Record<ImportEvent['type'], Stage>> = {
  ImportStarted: 'checking',
  ImportChecked: 'checked',
  ImportConfirmed: 'importing',
  ImportFinished: 'ended',
  ImportFailed: 'ended',
};

/** What a start finds unfinished, and whose file may still lie there. */
export const importsProjection = documentProjection<KnownImport>({
  name: 'imports',
  version: 1,
  collection: imports,
  own: Object.keys(STAGES),
  key: ({ stream }) => stream.slice(stream.indexOf('-') + 1),
  evolve: (_before, { type, stream, at }) => ({
    importId: stream.slice(stream.indexOf('-') + 1),
    is: STAGES[type as ImportEvent['type']],
    since: at,
  }),
});

type Director = { readonly personId: string; readonly schoolId: string; readonly from: string; readonly to: string | null };
export const directors: CollectionSpec<Director> = {
  name: 'directors',
  version: 1,
  columns: { personId: ({ personId }) => personId, schoolId: ({ schoolId }) => schoolId },
  indexes: [['schoolId']],
};

/** Who directs which school: validators of past activities (residency.md 79). */
export const directorsProjection = documentProjection<Director>({
  name: 'directors',
  version: 1,
  collection: directors,
  public: ['identity.profile-granted.v1', 'identity.profile-ended.v1'],
  key: ({ data }) => data.profileId as string,
  evolve(before, { type, data }) {
    if (type === 'identity.profile-ended.v1') return before && { ...before, to: (data as DataOf<typeof identityEvents.profileEnded>).to };
    const { personId, role, schoolId, from, to } = data as DataOf<typeof identityEvents.profileGranted>;
    return role === 'director' && schoolId !== null ? { personId, schoolId, from, to } : undefined;
  },
});

type Unit = { readonly unitId: string; readonly name: string };
export const units: CollectionSpec<Unit> = { name: 'units', version: 1, columns: {} };

/** Names of operating units, by which other systems call them. */
export const unitsProjection = documentProjection<Unit>({
  name: 'units',
  version: 1,
  collection: units,
  public: ['school-network.unit-registered.v1'],
  key: ({ data }) => data.unitId as string,
  evolve(_before, { data }) {
    const { unitId, name } = data as DataOf<typeof schoolNetworkEvents.unitRegistered>;
    return { unitId, name };
  },
});
