import { OPERATIONS } from '@ateneo/contracts';
import * as contracts from '@ateneo/contracts';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const file = fileURLToPath(new URL('../../../services/web-portal/src/api/routes.generated.ts', import.meta.url));

const namespaceOf: Record<string, string> = { identity: 'identity', 'school-network': 'schoolNetwork', career: 'career', logbook: 'logbook', reporting: 'reporting' };
const exportedAs = (namespace: string, name: string): string => {
  const members: Record<string, unknown> = { ...(contracts as Record<string, unknown>)[namespace] as object };
  const found = Object.entries(members).find(([, value]) => typeof value === 'object' && value !== null && 'name' in value && value.name === name);
  if (!found) throw new Error(`operation ${name} is not exported by ${namespace}`);
  return found[0];
};

/** The routes of all operations as a table without zod, and their types, for the browser. */
export const portalRoutes = (): string => {
  const mounted = OPERATIONS.filter((operation) => operation.http);
  const namespace = (name: string) => namespaceOf[name.split('.')[0] ?? ''] ?? '';
  return [
    '// Generated from libs/contracts by libs/workspace/src/portal-routes.ts; do not edit.',
    `import type { ${Object.values(namespaceOf).join(', ')} } from '@ateneo/contracts';`,
    '',
    'export const ROUTES = {',
    ...mounted.map(({ name, kind, http }) => `  '${name}': ['${http?.method}', '${http?.path}', '${kind}'],`),
    '} as const;',
    '',
    'export type Operations = {',
    ...mounted.map(({ name }) => `  '${name}': typeof ${namespace(name)}.${exportedAs(namespace(name), name)};`),
    '};',
    '',
  ].join('\n');
};

/** Is the table of the portal the one of the contracts? */
export const portalRoutesAreCurrent = (): boolean => readFileSync(file, 'utf8') === portalRoutes();

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(file, portalRoutes());
