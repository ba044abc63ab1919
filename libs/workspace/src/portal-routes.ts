import * as contracts from '@ateneo/contracts';
import { readFileSync } from 'node:fs';

/** Where the table lives, from the root of the repository. */
export const PORTAL_ROUTES_FILE = 'services/web-portal/src/api/routes.generated.ts';

const namespaceOf: Record<string, string> = Object.fromEntries(
  Object.entries(contracts.CONTEXTS).map(([name, { namespace }]) => [name, namespace]),
);
const exportedAs = (namespace: string, name: string): string => {
  const members: Record<string, unknown> = { ...((contracts as Record<string, unknown>)[namespace] as object) };
  const found = Object.entries(members).find(
    ([, value]) => typeof value === 'object' && value !== null && 'name' in value && value.name === name,
  );
  if (!found) throw new Error(`operation ${name} is not exported by ${namespace}`);
  return found[0];
};

const union = (types: readonly string[]): string => (types.length > 0 ? types.join(' | ') : 'never');
/** A key of the live line as a type: `waiting`, or the topic with any id. */
const liveKey = ({ topic, by }: contracts.LiveTopic): string => (by === null ? `'${topic}'` : `\`${topic}:\${string}\``);

/** The routes of all operations as a table without zod, and their types, for the browser. */
export const portalRoutes = (): string => {
  const mounted = contracts.OPERATIONS.filter((operation) => operation.http);
  const namespace = (name: string) => namespaceOf[name.split('.')[0] ?? ''] ?? '';
  return [
    '// Generated from libs/contracts by npm run generate; do not edit.',
    `import type { ${Object.values(namespaceOf).join(', ')} } from '@ateneo/contracts';`,
    '',
    'export const ROUTES = {',
    ...mounted.map(({ name, kind, http, readsAfter = [] }) => {
      const after = readsAfter.map((context) => `'${context}'`).join(', ');
      return `  '${name}': ['${http?.method}', '${http?.path}', '${kind}', [${after}]],`;
    }),
    '} as const;',
    '',
    'export type Operations = {',
    ...mounted.map(({ name }) => `  '${name}': typeof ${namespace(name)}.${exportedAs(namespace(name), name)};`),
    '};',
    '',
    '/** Operations that take a file, each with its type. */',
    'export const UPLOADS = {',
    ...mounted.flatMap(({ name, upload }) => (upload ? [`  '${name}': '${upload.types[0]}',`] : [])),
    '} as const;',
    '/** Operations that answer a file. */',
    `export type DownloadName = ${union(mounted.flatMap(({ name, download }) => (download ? [`'${name}'`] : [])))};`,
    '/** Keys of the live line. */',
    `export type LiveKeyText = ${union(contracts.liveTopics(mounted).map(liveKey))};`,
    '',
  ].join('\n');
};

/** Is the table of the portal the one of the contracts? */
export const portalRoutesAreCurrent = (): boolean =>
  readFileSync(new URL(`../../../${PORTAL_ROUTES_FILE}`, import.meta.url), 'utf8') === portalRoutes();
