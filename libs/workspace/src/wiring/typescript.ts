import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { camelOf, type ServiceManifest } from './manifest.js';
import { keyOf, quoted } from './source-text.js';

const HEAD = '// Written by npm run generate from services/*/service.json; do not edit.';

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

const FEATURES = 'services/web-portal/src/features';
const DEMOS = 'libs/demo/src/contexts';
const FOUND = '// Written by npm run generate from what stands in the folders; do not edit.';

const foldersWith = (root: string, folder: string, file: string): string[] =>
  readdirSync(join(root, folder))
    .filter((name) => existsSync(join(root, folder, name, file)))
    .sort();

/** Screens and places of the features that say them by themselves. */
const features = (names: readonly string[]): string =>
  [
    FOUND,
    ...names.map((name) => `import { feature as ${camelOf(name)} } from './features/${name}/feature.js';`),
    `import type { Feature } from './shell/feature.js';`,
    '',
    `export const FEATURES: readonly Feature[] = [${names.map(camelOf).join(', ')}];`,
    '',
  ].join('\n');

/** Words of the same features. */
const words = (names: readonly string[], language: 'it' | 'en'): string =>
  [
    FOUND,
    ...names.map((name) => `import { ${language} as ${camelOf(name)} } from '../../features/${name}/messages.${language}.js';`),
    ...(names.length > 0 ? [''] : []),
    names.length > 0 ? 'export const features = {' : 'export const features = {} as const;',
    ...(names.length > 0 ? [...names.map((name) => `  ...${camelOf(name)},`), '} as const;'] : []),
    '',
  ].join('\n');

const demos = (names: readonly string[]): string =>
  [
    FOUND,
    `import type { DemoOfContext } from './context-demo.js';`,
    ...names.map((name) => `import { demo as ${camelOf(name)} } from './contexts/${name}.demo.js';`),
    '',
    `export const DEMOS: readonly DemoOfContext[] = [${names.map(camelOf).join(', ')}];`,
    '',
  ].join('\n');

function foundFiles(root: string): Record<string, () => string> {
  const named = foldersWith(root, FEATURES, 'feature.ts');
  const shown = existsSync(join(root, DEMOS)) ? readdirSync(join(root, DEMOS)).sort() : [];
  return {
    'services/web-portal/src/features.generated.ts': () => features(named),
    'services/web-portal/src/i18n/it/features.generated.ts': () => words(named, 'it'),
    'services/web-portal/src/i18n/en/features.generated.ts': () => words(named, 'en'),
    'libs/demo/src/contexts.generated.ts': () => demos(shown.map((file) => file.slice(0, -'.demo.ts'.length))),
  };
}

/** The names alone, for types that the contexts themselves are made of. */
const names = (services: readonly ServiceManifest[]): string =>
  [HEAD, 'export const CONTEXT_NAMES = [', ...services.map(({ name }) => `  ${quoted(name)},`), '] as const;', ''].join('\n');

export const typescriptFiles = (services: readonly ServiceManifest[], root: string): Record<string, () => string> => ({
  ...foundFiles(root),
  'libs/contracts/src/context-names.generated.ts': () => names(services),
  'libs/contracts/src/contexts.generated.ts': () => contexts(services),
  'services/all-in-one/src/services.generated.ts': () => modules(services),
  'services/web-portal/src/i18n/it/services.generated.ts': () => titles(services, 'it'),
  'services/web-portal/src/i18n/en/services.generated.ts': () => titles(services, 'en'),
});
