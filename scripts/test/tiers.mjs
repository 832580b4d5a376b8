// The tiers of `npm test` in their order, and what each needs in order to run.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../node24.mjs';
import { missingService } from './backing.mjs';
import { jestTier } from './jest-tier.mjs';
import { lintTier } from './lint-tier.mjs';

const skipped = new Set(['node_modules', 'dist', 'fixtures']);

function anyFile(folder, ending) {
  if (!existsSync(folder)) return false;
  return readdirSync(folder, { withFileTypes: true }).some((entry) =>
    entry.isDirectory()
      ? !skipped.has(entry.name) && anyFile(join(folder, entry.name), ending)
      : ending.test(entry.name),
  );
}

function jest(name, ending, { services = [], ...options }) {
  const folders = ['apps', 'libs', 'test', 'bench'];
  const found = () => folders.some((folder) => anyFile(join(root, folder), ending));
  return {
    name,
    missing: () => (found() ? missingService(services) : 'there is no test file of this tier'),
    run: () => jestTier(name, options),
  };
}

const mode = (value) => ({ TIDEMARK_TEST_MODE: value });
const withoutGcs = ['postgres', 'kafka', 'redis'];
const distributed = { workers: 1, services: withoutGcs, env: mode('distributed') };

export const tiers = [
  { name: 'lint', missing: () => undefined, run: lintTier },
  jest('unit', /(?<!\.(int|gcs|e2e|fault|browser))\.spec\.ts$/, { workers: 2 }),
  jest('int', /\.int\.spec\.ts$/, { workers: 2, services: withoutGcs }),
  jest('gcs', /\.gcs\.spec\.ts$/, { workers: 1, services: ['gcs'] }),
  jest('e2e-standalone', /\.e2e\.spec\.ts$/, { workers: 1, services: ['postgres'], env: mode('standalone') }),
  jest('e2e-distributed', /\.e2e\.spec\.ts$/, distributed),
  jest('browser', /\.browser\.spec\.ts$/, {
    workers: 1,
    services: ['postgres', 'chromium'],
    env: mode('standalone'),
  }),
  jest('faults', /\.fault\.spec\.ts$/, distributed),
];

/** Tiers with a command of their own. */
export const elsewhere = [{ name: 'kube', reason: 'not part of npm test: npm run test:kube runs it' }];
