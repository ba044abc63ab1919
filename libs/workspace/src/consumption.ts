import 'reflect-metadata';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { followedBy, keepsNames, readBy, type ServiceDefinition } from '@ateneo/service-kit';
import { serviceManifests } from './wiring/manifest.js';
import { keyOf, quoted } from './wiring/source-text.js';

/** Where the table lives, from the root of the repository. */
export const CONSUMPTION_FILE = 'libs/contracts/src/consumption.generated.ts';

const isDefinition = (value: unknown): value is ServiceDefinition =>
  typeof value === 'object' && value !== null && 'aggregates' in value && 'projections' in value && 'name' in value;

/** What the module file of each service exports as its definition, in the order of the contracts. */
export async function serviceDefinitions(root: string): Promise<readonly ServiceDefinition[]> {
  const found: ServiceDefinition[] = [];
  for (const { name } of serviceManifests(root)) {
    const module = (await import(pathToFileURL(join(root, 'services', name, 'src', `${name}.module.ts`)).href)) as object;
    found.push(...Object.values(module).filter(isDefinition));
  }
  return found;
}

const list = (names: readonly string[]): string => `[${names.map(quoted).join(', ')}]`;

/** The table as source text. */
export const consumption = (
  definitions: readonly ServiceDefinition[],
): string => `// Derived from what the services handle by «npm run generate»; do not edit.

/** Whose public events each context follows, beside those that it stores itself. */
export const CONSUMES = {
${definitions.map((one) => `  ${keyOf(one.name)}: ${list(followedBy(one))},`).join('\n')}
} as const;

/** Services that keep names or other personal fields, under keys of their own; each must answer an erasure. */
export const NAME_HOLDERS = ${list(definitions.filter(keepsNames).map(({ name }) => name))} as const;
`;

/** Services and what of them reads it, by public type. */
export function readersOf(definitions: readonly ServiceDefinition[]): ReadonlyMap<string, readonly string[]> {
  const readers = new Map<string, string[]>();
  for (const definition of definitions)
    for (const [type, names] of readBy(definition))
      readers.set(type, [...(readers.get(type) ?? []), `${definition.name} (${[...names].sort().join(', ')})`]);
  return readers;
}
