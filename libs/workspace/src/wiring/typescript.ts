import type { ServiceManifest } from './manifest.js';

const HEAD = '// Written by npm run generate from services/*/service.json; do not edit.';
const quoted = (text: string): string => `'${text.replaceAll("'", "\\'")}'`;
const keyOf = (name: string): string => (name.includes('-') ? quoted(name) : name);

/** The contexts of the contracts: their operations, events and names. */
const contexts = (services: readonly ServiceManifest[]): string =>
  [
    HEAD,
    ...services.flatMap(({ name, namespace }) => [
      `import * as ${namespace} from './${name}/operations.js';`,
      `import * as ${namespace}Events from './${name}/events.js';`,
    ]),
    '',
    'export {',
    ...services.flatMap(({ namespace }) => [`  ${namespace},`, `  ${namespace}Events,`]),
    '};',
    '',
    '/** Every context by its name, which is that of its service, in the order of all lists. */',
    'export const CONTEXTS = {',
    ...services.flatMap(({ name, namespace, about }) => [
      `  ${keyOf(name)}: {`,
      `    namespace: ${quoted(namespace)},`,
      `    about: ${quoted(about)},`,
      `    operations: ${namespace},`,
      `    events: ${namespace}Events,`,
      '  },',
    ]),
    '} as const;',
    '',
  ].join('\n');

/** The services that one process runs, in the order in which it starts them. */
const modules = (services: readonly ServiceManifest[]): string =>
  [
    HEAD,
    ...services.map(({ name, pascal }) => `import { ${pascal}Module } from '@ateneo/${name}';`),
    '',
    'export const SERVICES = [',
    ...services.map(({ name, pascal }) => `  [${quoted(name)}, ${pascal}Module],`),
    '] as const;',
    '',
  ].join('\n');

/** What the portal calls them. */
const titles = (services: readonly ServiceManifest[], language: 'it' | 'en'): string =>
  [
    HEAD,
    'export const services = {',
    ...services.map(({ name, title }) => `  'service.${name}': ${quoted(title[language])},`),
    '} as const;',
    '',
  ].join('\n');

export const typescriptFiles = (services: readonly ServiceManifest[]): Record<string, () => string> => ({
  'libs/contracts/src/contexts.generated.ts': () => contexts(services),
  'services/all-in-one/src/services.generated.ts': () => modules(services),
  'services/web-portal/src/i18n/it/services.generated.ts': () => titles(services, 'it'),
  'services/web-portal/src/i18n/en/services.generated.ts': () => titles(services, 'en'),
});
