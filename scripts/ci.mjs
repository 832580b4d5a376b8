// `npm test` and then `npm run test:kube`, to their ends whatever the first says. The last line of all is their sum.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root, startedAs } from './node24.mjs';
import { outcome, sum, summary } from './test/outcome.mjs';

const lastLine = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/;

/** What a run says of itself must agree with how it ended, and one that says nothing has failed. */
export function judged(line, code) {
  const [, ...counts] = lastLine.exec(line) ?? [];
  const { passed, failed, skipped } = outcome(...counts.map((count) => Number(count ?? 0)));
  if (passed === undefined) return outcome(0, 1);
  return outcome(passed, code !== 0 && failed === 0 ? 1 : failed, skipped);
}

function run(script) {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [join(root, 'scripts', script)], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (chunk) => {
      process.stdout.write(chunk);
      said = (said + chunk).slice(-1000);
    });
    child.on('error', fail);
    child.on('close', (code) => done(judged(said.trimEnd().split('\n').at(-1), code)));
  });
}

if (startedAs(import.meta.url)) {
  const results = [];
  for (const script of ['test.mjs', 'test-kube.mjs']) results.push(await run(script));
  const total = sum(results);
  process.stdout.write(`${summary(total)}\n`);
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
}
