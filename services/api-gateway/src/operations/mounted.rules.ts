import { type Operation, OPERATIONS } from '@ateneo/contracts';

export type Mounted = Operation & { readonly http: NonNullable<Operation['http']> };

/** Every operation that has an address. */
export const MOUNTED = OPERATIONS.filter((operation): operation is Mounted => operation.http !== undefined);
/** The address as Fastify writes it. */
export const urlOf = ({ http }: Mounted): string => `/api${http.path.replace(/\{(\w+)\}/g, ':$1')}`;

/** By media type of uploads: the addresses that take a file of it. */
export const UPLOADS: ReadonlyMap<string, ReadonlySet<string>> = uploadsOf(MOUNTED);

function uploadsOf(operations: readonly Mounted[]): Map<string, Set<string>> {
  const uploads = new Map<string, Set<string>>();
  for (const operation of operations)
    for (const type of operation.upload?.types ?? []) uploads.set(type, (uploads.get(type) ?? new Set()).add(urlOf(operation)));
  return uploads;
}
