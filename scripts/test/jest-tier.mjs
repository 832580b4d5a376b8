// One Jest project from start to end, counted from the file that Jest writes.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jestCommand } from '../jest.mjs';
import { root, toolEnvironment } from '../node24.mjs';
import { outcome } from './outcome.mjs';

// Jest ends by itself once its tests have let go of everything. One that does not has a leak, which is
// a failure and not something to force.
const patience = 20_000;

export function readCounts(file) {
  const result = JSON.parse(readFileSync(file, 'utf8'));
  const broken = result.numRuntimeErrorTestSuites;
  const skipped = result.numPendingTests + result.numTodoTests;
  return outcome(result.numPassedTests, result.numFailedTests + broken, skipped);
}

/** Ends Jest when its results are long written and it still runs. */
function watchForLeaks(child, results) {
  let leaked = false;
  let writtenAt;
  const timer = setInterval(() => {
    writtenAt ??= statSync(results, { throwIfNoEntry: false }) && Date.now();
    if (!writtenAt || Date.now() - writtenAt < patience) return;
    leaked = true;
    child.kill('SIGKILL');
  }, 500);
  return () => {
    clearInterval(timer);
    return leaked;
  };
}

function run(project, { workers, env }, results) {
  const [binary, ...args] = jestCommand();
  const options = [
    '--selectProjects',
    project,
    '--maxWorkers',
    String(workers),
    '--json',
    `--outputFile=${results}`,
  ];
  return new Promise((done, fail) => {
    const child = spawn(binary, [...args, ...options], {
      cwd: root,
      env: toolEnvironment(env),
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const leaked = watchForLeaks(child, results);
    const stop = () => {
      child.kill('SIGTERM');
      process.exit(143);
    };
    process.on('SIGTERM', stop);
    child.on('error', fail);
    child.on('close', (code) => {
      process.off('SIGTERM', stop);
      done({ code, leaked: leaked() });
    });
  });
}

/** The exit code must agree with the counts: a run that crashed or ran nothing has not passed. */
export function judge({ code, leaked }, counts) {
  const { passed, failed, skipped } = counts ?? outcome(0, 0);
  const unexplained = failed === 0 && (leaked || code !== 0 || passed === 0);
  return outcome(passed, unexplained ? 1 : failed, skipped);
}

export async function jestTier(project, options) {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-tier-'));
  const results = join(folder, 'results.json');
  try {
    const end = await run(project, options, results);
    if (end.leaked) process.stdout.write(`FAIL ${project}: Jest did not end; a test left something open\n`);
    return judge(end, statSync(results, { throwIfNoEntry: false }) && readCounts(results));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
