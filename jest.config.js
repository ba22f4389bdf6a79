/** ES modules throughout: ts-jest only strips the types, `npm run check` is what checks them. */
export default {
  testEnvironment: 'node',
  // Most tests wait for a server, or for a loop that ticks in real time: three keep two cores busy, where jest would start one.
  maxWorkers: 3,
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  globalSetup: '<rootDir>/test/servers/count-setup.ts',
  globalTeardown: '<rootDir>/test/servers/count-teardown.ts',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': ['ts-jest', { useESM: true, diagnostics: false }] },
};
