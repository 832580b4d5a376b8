// Single test files:  npm run jest -- libs/event-store/src/append.int.spec.ts
import { join } from 'node:path';
import { node24, root, runThrough } from './node24.mjs';

export const jestArguments = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  join(root, 'node_modules', 'jest', 'bin', 'jest.js'),
];

process.exitCode = await runThrough(node24(), [...jestArguments, ...process.argv.slice(2)], { cwd: root });
