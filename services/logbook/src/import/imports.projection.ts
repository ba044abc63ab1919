import { identityEvents, schoolNetworkEvents } from '@ateneo/contracts';
import { idOf, on, onStored } from '@ateneo/event-sourcing';
import { type CollectionSpec, documentsOf, projection } from '@ateneo/read-models';
import { logbookImport } from './import.decider.js';

type Stage = 'checking' | 'checked' | 'importing' | 'ended';
export type KnownImport = { readonly importId: string; readonly is: Stage; /** ISO instant of its last event */ readonly since: string };
export const imports: CollectionSpec<KnownImport> = {
  name: 'imports',
  version: 1,
  columns: { is: ({ is }) => is, since: ({ since }) => since },
};

const isNow =
  (is: Stage) =>
  ({ stream, at }: { readonly stream: string; readonly at: string }): KnownImport => ({ importId: idOf(stream), is, since: at });

/** What a start finds unfinished, and whose file may still lie there. */
export const importsProjection = projection({
  name: 'imports',
  version: 1,
  parts: [
    documentsOf(imports, {
      on: onStored(logbookImport, {
        ImportStarted: isNow('checking'),
        ImportChecked: isNow('checked'),
        ImportConfirmed: isNow('importing'),
        ImportFinished: isNow('ended'),
        ImportFailed: isNow('ended'),
      }),
    }),
  ],
});

type Director = { readonly personId: string; readonly schoolId: string; readonly from: string; readonly to: string | null };
export const directors: CollectionSpec<Director> = {
  name: 'directors',
  version: 1,
  columns: { personId: ({ personId }) => personId, schoolId: ({ schoolId }) => schoolId },
  indexes: [['schoolId']],
};

/** Who directs which school: validators of past activities (residency.md 79). */
export const directorsProjection = projection({
  name: 'directors',
  version: 1,
  parts: [
    documentsOf(directors, {
      by: 'profileId',
      on: [
        on(identityEvents.profileGranted, ({ data: { personId, role, schoolId, from, to } }) =>
          role === 'director' && schoolId !== null ? { personId, schoolId, from, to } : undefined,
        ),
        on(identityEvents.profileEnded, ({ data }, before) => before && { ...before, to: data.to }),
      ],
    }),
  ],
});

type Unit = { readonly unitId: string; readonly name: string };
export const units: CollectionSpec<Unit> = { name: 'units', version: 1, columns: {} };

/** Names of operating units, by which other systems call them. */
export const unitsProjection = projection({
  name: 'units',
  version: 1,
  parts: [
    documentsOf(units, {
      by: 'unitId',
      on: on(schoolNetworkEvents.unitRegistered, ({ data: { unitId, name } }) => ({ unitId, name })),
    }),
  ],
});
