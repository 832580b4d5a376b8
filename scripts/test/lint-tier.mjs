// Formatting, the type check, and ESLint with the import directions for every project; each counts as one.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { node24, root } from '../node24.mjs';
import { nxCommand, nxEnvironment } from '../nx.mjs';
import { outcome, sum } from './outcome.mjs';

function run([binary, ...args]) {
  return new Promise((done, fail) => {
    const child = spawn(binary, args, { cwd: root, env: nxEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('error', fail);
    child.on('close', (code) => done({ code, output }));
  });
}

async function formatting() {
  const prettier = join(root, 'node_modules', 'prettier', 'bin', 'prettier.cjs');
  const { code, output } = await run([node24(), prettier, '--check', '--log-level=warn', '.']);
  if (code === 0) return outcome(1, 0);
  process.stdout.write(`FAIL format (npm run format writes it as it should be)\n${output}`);
  return outcome(0, 1);
}

/** Nx marks what passed with a tick and ends with a list of what failed. */
export function countTasks(code, output) {
  const passed = new Set([...output.matchAll(/^\s*✔\s+nx run (\S+)/gm)].map(([, task]) => task));
  const [, list = ''] = output.split(/^Failed tasks:$/m);
  const failed = [...list.matchAll(/^- (\S+)$/gm)].length;
  const crashed = (code !== 0 && failed === 0) || (code === 0 && passed.size === 0);
  return outcome(passed.size, crashed ? 1 : failed);
}

// What Nx says of the tasks that passed, and of itself, is left out.
const complaints = (output) =>
  output
    .split('\n')
    .filter(
      (line) =>
        /\S/.test(line) && !/^\s*(✔|>|- |NX |Run duration|Cache|Critical path|Recoverable)/.test(line),
    )
    .join('\n');

async function projects() {
  const { code, output } = await run([...nxCommand(), 'run-many', '-t', 'lint', 'typecheck']);
  const counted = countTasks(code, output);
  if (counted.failed > 0) process.stdout.write(`${complaints(output)}\n`);
  return counted;
}

export async function lintTier() {
  return sum([await formatting(), await projects()]);
}
