import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import hooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const syntax = {
  exportAll: { selector: 'ExportAllDeclaration', message: 'no-export-all: only the entry point of a lib exports everything' },
  environment: {
    selector: "MemberExpression[object.name='process'][property.name='env']",
    message: 'environment-in-config-only: the environment is read by *.config.ts',
  },
  exit: {
    selector: "CallExpression[callee.object.name='process'][callee.property.name='exit']",
    message: 'no-exit: set process.exitCode and close what is open',
  },
};
const NOTHING = [
  "ArrowFunctionExpression[body.type='Identifier'][body.name='undefined']",
  "ArrowFunctionExpression[body.type='UnaryExpression'][body.operator='void']",
  ":function[body.type='BlockStatement'][body.body.length=0]",
];
const SILENT = NOTHING.flatMap((what) => [
  `CallExpression[callee.property.name='catch'] > ${what}`,
  `CallExpression[callee.property.name='then'] > ${what}:nth-child(2)`,
]);
const unheard = {
  emptyCatch: {
    selector: 'CatchClause > BlockStatement[body.length=0]',
    message: 'no-silence: report what failed, or pass it over by `unheard(why)`',
  },
  silentCatch: {
    selector: SILENT.join(', '),
    message: 'no-silence: report what failed (Trouble, onProblem), or pass `unheard(why)`',
  },
};
const silence = [unheard.emptyCatch, unheard.silentCatch];
const tokens = {
  selector: "Decorator > CallExpression[callee.name='Inject'] > Identifier.arguments[name=/[a-z]/]",
  message: 'a-class-is-its-own-token: write the class as the type of the parameter; @Inject is for what is no class',
};

/** The contexts whose rules the platform does not know: all with operations but identity, by which people sign in. */
const contracts = join(import.meta.dirname, 'libs/contracts/src');
const domain = readdirSync(contracts).filter((name) => name !== 'identity' && existsSync(join(contracts, name, 'operations.ts')));
const namespaces = domain.map((name) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase()));
const NAMED = String.raw`/^((changed|rpc)\.|\u002Fapi\u002F)?(${domain.join('|')})([.\u002F]|$)/`;
const CONTRACTS = String.raw`ImportDeclaration[source.value=/\u002Fcontracts(\u002F|$)/]`;
const platform = {
  selector: [
    `${CONTRACTS} > ImportSpecifier[imported.name=/^(${namespaces.join('|')})(Events)?$/]`,
    `${CONTRACTS} > ImportNamespaceSpecifier`,
    `Literal[value=${NAMED}]`,
    `TemplateElement[value.raw=${NAMED}]`,
    String.raw`Literal[regex.pattern=/(${domain.join('|')})\\\./]`,
  ].join(', '),
  message:
    'platform-names-no-operation: what gateway and portal do for an operation or event, its contract carries (upload, download, limit, live)',
};
const eventNames = {
  selector: 'Literal[value=/^(?!ateneo[.])[a-z-]+[.][a-z-]+[.]v[0-9]+$/], Property[key.name=/^(own|public)$/] > ArrayExpression > Literal',
  message: "events-by-type: on(…) takes the contract's own object, onStored(…) the decider",
};
const identity = {
  selector: `${CONTRACTS} > ImportSpecifier[imported.name=/^identity(Events)?$/]`,
  message: 'platform-names-no-operation: the gateway asks identity through guard/identity.client.ts',
};
const restricted = (...selectors) => ['error', ...selectors];
const TESTS = ['**/test/**', '**/conformance/**', '**/bench/**', '**/*.spec.{ts,tsx}'];

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '**/probes/**', '**/coverage/**', '.nx/**', '.servers/**', '.ateneo*/**', 'tmp/**'] },
  ...tseslint.configs.recommended.map((config) => ({ ...config, files: ['**/*.{ts,tsx}'] })),
  {
    files: ['**/*.{ts,tsx}'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true, argsIgnorePattern: '^_' }],
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'], location: 'start' }],
      'no-restricted-syntax': restricted(syntax.exportAll, syntax.environment, syntax.exit, ...silence, tokens, eventNames),
    },
  },
  // where they are declared
  {
    files: ['libs/contracts/src/**/*.ts'],
    rules: { 'no-restricted-syntax': restricted(syntax.exportAll, syntax.environment, syntax.exit, ...silence) },
  },
  { files: ['libs/*/src/index.ts'], rules: { 'no-restricted-syntax': restricted(syntax.environment, syntax.exit, ...silence) } },
  {
    files: ['services/api-gateway/src/**/*.ts', 'services/web-portal/src/{api,shell}/**/*.{ts,tsx}', 'libs/client/src/**/*.ts'],
    ignores: ['**/*.generated.ts'],
    rules: {
      'no-restricted-syntax': restricted(syntax.exportAll, syntax.environment, syntax.exit, ...silence, tokens, platform, eventNames),
    },
  },
  {
    files: ['services/api-gateway/src/**/*.ts'],
    ignores: ['services/api-gateway/src/guard/identity.client.ts'],
    rules: {
      'no-restricted-syntax': restricted(syntax.exportAll, syntax.environment, syntax.exit, ...silence, tokens, platform, identity),
    },
  },
  {
    files: ['**/*.config.ts'],
    rules: { 'no-restricted-syntax': restricted(syntax.exportAll, syntax.exit, ...silence) },
  },
  // the one place where a process ends itself: where its start has failed and something stays open that nobody can close
  {
    files: ['libs/service-kit/src/run-service.ts'],
    rules: { 'no-restricted-syntax': restricted(syntax.exportAll, syntax.environment, ...silence, eventNames) },
  },
  {
    files: ['libs/workspace/**/*.ts', ...TESTS],
    rules: { 'no-restricted-syntax': restricted(syntax.exportAll, syntax.exit) },
  },
  // the one rule that needs types, and with it the memory they take, where it counts
  {
    files: ['services/*/src/**/*.{ts,tsx}', 'libs/*/src/**/*.{ts,tsx}'],
    ignores: TESTS,
    languageOptions: { parserOptions: { projectService: true } },
    rules: { '@typescript-eslint/no-floating-promises': 'error' },
  },
  { files: ['services/web-portal/**/*.{ts,tsx}', 'libs/ui/**/*.{ts,tsx}'], ...hooks.configs.flat.recommended },
);
