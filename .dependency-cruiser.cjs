// Architecture rules by pattern: the next service is covered the day it is born. Each rule has a planted violation
// under libs/workspace/probes/<rule> that must turn it red (libs/workspace/test/architecture.spec.ts).

const PURE = String.raw`\.(decider|published|projection|rules)\.ts$`;
const TESTS = String.raw`^(services|libs)/[^/]+/(test|conformance|bench)/|\.spec\.tsx?$`;
const KERNEL_TYPES = '^libs/(messaging|service-kit)/src/';
const CODE_AND_TESTS = String.raw`^(services|libs)/[^/]+/`;
/** Which packages of the repository each lib may import (house style §6). */
const LIBS = {
  calendar: [],
  contracts: [],
  client: ['contracts'],
  pdf: ['threads'],
  threads: [],
  ui: ['contracts'],
  'event-sourcing': ['calendar', 'threads'],
  messaging: ['event-sourcing'],
  'read-models': ['event-sourcing', 'messaging', 'threads'],
  files: ['event-sourcing'],
  'service-kit': ['contracts', 'event-sourcing', 'messaging', 'read-models', 'calendar', 'files', 'threads'],
  demo: ['contracts', 'calendar', 'event-sourcing', 'service-kit'],
  access: ['contracts', 'event-sourcing', 'messaging', 'read-models', 'service-kit', 'calendar'],
};
const forbid = (name, comment, from, to) => ({ name, severity: 'error', comment, from, to });

const libRules = Object.entries(LIBS).map(([lib, allowed]) =>
  forbid(
    'libs-import-by-table',
    'A lib imports what the table of .dependency-cruiser.cjs gives it.',
    { path: `^libs/${lib}/` },
    { path: `^(services/|libs/(?!(${[lib, 'workspace', ...allowed].join('|')})/))` },
  ),
);

module.exports = {
  forbidden: [
    forbid(
      'service-imports-service',
      'A service imports nothing of another, not even its types.',
      { path: '^services/([^/]+)/', pathNot: '^services/all-in-one/' },
      { path: '^services/', pathNot: '^services/$1/' },
    ),
    forbid(
      'all-in-one-imports-modules-only',
      'The composed process imports the module file of a service, nothing else of it.',
      { path: '^services/all-in-one/' },
      { path: '^services/(?!all-in-one/)', pathNot: String.raw`^services/[^/]+/src/[^/]+\.module\.ts$` },
    ),
    forbid('lib-imports-service', 'Libraries know no service.', { path: '^libs/' }, { path: '^services/' }),
    ...libRules,
    forbid(
      'pure-files-stay-pure',
      'Deciders, published mappings, projections and rules import pure files only: no I/O, no Nest, no npm package but zod. Hashing is arithmetic.',
      { path: PURE },
      {
        pathNot: [
          PURE,
          '^libs/(contracts|calendar)/',
          '^libs/event-sourcing/src/(index|decider|event-store)\\.ts$',
          KERNEL_TYPES,
          '^libs/read-models/src/index\\.ts$',
          '(^|/)node_modules/zod/',
          '^crypto$',
        ],
      },
    ),
    forbid(
      'pure-files-take-only-types-of-the-kernel',
      'What a mapping or a rule answers is named after the bus; nothing of the bus runs in it.',
      { path: PURE, pathNot: '^libs/' },
      { path: KERNEL_TYPES, dependencyTypesNot: ['type-only'] },
    ),
    forbid(
      'contracts-import-zod-only',
      'Contracts are schemas: no logic, no Nest, no stored events.',
      { path: '^libs/contracts/src/' },
      { pathNot: ['^libs/contracts/src/', '(^|/)node_modules/zod/'] },
    ),
    forbid(
      'kernel-holds-no-nest',
      'Nest begins at the service kit; the transport that carries Nest messages over the bus is the one exception (ADR 0006).',
      {
        path: '^libs/(calendar|event-sourcing|messaging|read-models|files|pdf|threads)/src/',
        pathNot: '^libs/messaging/src/nest-transport\\.ts$',
      },
      { path: '(^|/)node_modules/@nestjs/' },
    ),
    forbid(
      'portal-imports-contracts-and-ui',
      'Pages know the contracts and the components.',
      { path: '^services/web-portal/src/' },
      { path: '^(libs/(?!contracts/|ui/)|services/(?!web-portal/))' },
    ),
    forbid(
      'recount-stands-alone',
      'The independent recount shares no code with what it checks.',
      { path: '^libs/workspace/src/recount/', pathNot: String.raw`\.spec\.ts$` },
      { path: '^(services/|libs/(?!workspace/src/recount/))' },
    ),
    forbid(
      'imports-through-the-entry-point',
      'Another package is imported by its entry point, not by its insides.',
      { path: '^(services|libs)/([^/]+)/', pathNot: '^libs/workspace/' },
      {
        path: CODE_AND_TESTS,
        pathNot: [
          '^$1/$2/',
          String.raw`/src/((kurrent|mongo|nats)/index|index|testing)\.tsx?$`,
          String.raw`^services/[^/]+/src/[^/]+\.module\.ts$`,
          '^libs/contracts/src/(asyncapi|openapi|permission-text|problem-texts/(it|en|sentence))\\.ts$',
          '^libs/[^/]+/conformance/',
          '^libs/workspace/src/',
          '^libs/ui/',
          '\\.json$',
        ],
      },
    ),
    forbid(
      'workspace-serves-tests-only',
      'Scripts of the repository are no part of the product; the recount that «ateneo check» compares with is the one exception.',
      { path: '^(services|libs)/', pathNot: [TESTS, '^libs/workspace/', '^services/all-in-one/src/cli/counters-check\\.ts$'] },
      { path: '^libs/workspace/' },
    ),
    forbid(
      'no-cycles',
      'Modules in a ring cannot be read, or loaded, one at a time; nor those whose types go round.',
      {},
      { circular: true },
    ),
    forbid('import-resolves', 'An import that leads nowhere.', {}, { couldNotResolve: true }),
  ],
  options: {
    doNotFollow: { path: 'node_modules|/dist/' },
    exclude: { path: '(^|/)(dist|probes|coverage)/' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    tsConfig: { fileName: require('node:path').join(__dirname, 'tsconfig.base.json') },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default', 'style'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
