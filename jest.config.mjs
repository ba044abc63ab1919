/** The specs beside the code: rules, deciders, projections, whatever needs no process of its own. Those of running services stand under test/. */
export default {
  testMatch: ['<rootDir>/{libs,services}/*/src/**/*.spec.{ts,tsx}'],
  modulePathIgnorePatterns: ['/dist/', '/probes/', '/templates/'],
  // Plain threads of Node: no realm of its own for each file, so that a cloned Map is a Map.
  runner: 'jest-light-runner',
  setupFiles: ['<rootDir>/libs/workspace/src/jest-setup.mjs'],
  transform: {},
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
};
