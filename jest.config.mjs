import { existsSync } from 'node:fs';

// One Jest project per tier. `npm test` runs them in order (scripts/test.mjs);
// `npm run jest -- <path>` runs single files.
const common = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  // Libraries are taken from their sources (the condition `tidemark-source` in their package.json).
  testEnvironmentOptions: { customExportConditions: ['tidemark-source', 'node', 'node-addons'] },
  resolver: '<rootDir>/scripts/jest-resolver.cjs',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest'] },
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  modulePathIgnorePatterns: ['<rootDir>/.*/dist/', '<rootDir>/.nx/', '<rootDir>/.cache/'],
  setupFiles: ['reflect-metadata'],
  restoreMocks: true,
};

const slow = existsSync(new URL('test/jest-slow.mjs', import.meta.url))
  ? { setupFilesAfterEnv: ['<rootDir>/test/jest-slow.mjs'] }
  : {};

// Started once for all files of a tier.
const product = {
  globalSetup: '<rootDir>/test/e2e/support/setup.mjs',
  globalTeardown: '<rootDir>/test/e2e/support/teardown.mjs',
};

const tier = (displayName, testMatch, extra = {}) => ({ ...common, ...extra, displayName, testMatch });

const projects = [
  {
    ...tier('unit', ['<rootDir>/{apps,libs,test,bench,scripts}/**/*.spec.ts'], slow),
    testPathIgnorePatterns: ['/node_modules/', '\\.(int|gcs|e2e|fault|browser)\\.spec\\.ts$'],
  },
  tier('int', ['<rootDir>/{apps,libs,test,bench}/**/*.int.spec.ts'], slow),
  // Apart, because only here the emulator has to be built, which needs Go.
  tier('gcs', ['<rootDir>/libs/**/*.gcs.spec.ts'], slow),
  // The same files twice: the tier sets TIDEMARK_TEST_MODE, and the harness starts what the mode asks for.
  tier('e2e-standalone', ['<rootDir>/test/e2e/**/*.e2e.spec.ts'], { ...slow, ...product }),
  tier('e2e-distributed', ['<rootDir>/test/e2e/**/*.e2e.spec.ts'], { ...slow, ...product }),
  // A real browser on the pages that the product serves.
  tier('browser', ['<rootDir>/test/browser/**/*.browser.spec.ts'], { ...slow, ...product }),
  tier('faults', ['<rootDir>/test/faults/**/*.fault.spec.ts'], slow),
];

export default { projects, reporters: ['<rootDir>/scripts/jest-reporter.mjs'] };
