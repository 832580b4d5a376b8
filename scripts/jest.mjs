// Single test files:  npm run jest -- libs/event-store/src/append.int.spec.ts
import { join } from 'node:path';
import { node24, root, startedAs } from './node24.mjs';
import { runThrough } from './run-through.mjs';

/** Jest loads ES modules through the module API of `node:vm`, which Node still calls experimental. */
export const jestCommand = () => [
  node24(),
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  join(root, 'node_modules', 'jest', 'bin', 'jest.js'),
];

if (startedAs(import.meta.url)) {
  const [binary, ...args] = jestCommand();
  process.exitCode = await runThrough(binary, [...args, ...process.argv.slice(2)], { cwd: root });
}
