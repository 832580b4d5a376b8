import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { judged } from '../../scripts/ci.mjs';
import { judge, readCounts } from '../../scripts/test/jest-tier.mjs';
import { countTasks } from '../../scripts/test/lint-tier.mjs';
import { outcome, sum, summary } from '../../scripts/test/outcome.mjs';

const ended = { code: 0, leaked: false };

describe('a Jest run', () => {
  it('passes with its tests', () => {
    expect(judge(ended, outcome(3, 0, 1))).toEqual({ passed: 3, failed: 0, skipped: 1 });
  });

  it('fails with its tests', () => {
    expect(judge({ ...ended, code: 1 }, outcome(3, 2))).toMatchObject({ passed: 3, failed: 2 });
  });

  it.each([
    ['ran no test', ended, outcome(0, 0)],
    ['wrote no results', ended, undefined],
    ['ended badly after its tests', { code: 1, leaked: false }, outcome(3, 0)],
    ['did not let go', { code: 137, leaked: true }, outcome(3, 0)],
  ])('fails when it %s', (_what, end, counts) => {
    expect(judge(end, counts).failed).toBe(1);
  });

  it('counts a file that could not be loaded as a failure', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tidemark-counts-'));
    const file = join(folder, 'results.json');
    const counts = { numPassedTests: 4, numFailedTests: 1, numRuntimeErrorTestSuites: 2 };
    writeFileSync(file, JSON.stringify({ ...counts, numPendingTests: 1, numTodoTests: 1 }));
    expect(readCounts(file)).toEqual({ passed: 4, failed: 3, skipped: 2 });
    rmSync(folder, { recursive: true });
  });
});

describe('a run of Nx', () => {
  const ticks = ' \n✔  nx run @tidemark/orgs:lint  [local cache]\n✔  nx run @tidemark/orgs:typecheck\n';

  it('is counted by task', () => expect(countTasks(0, ticks)).toMatchObject({ passed: 2, failed: 0 }));

  it('names what failed at its end', () => {
    const end = '\nFailed tasks:\n\n- @tidemark/audit:lint\n- tests:typecheck\n\n  Run duration: 1s\n';
    expect(countTasks(1, ticks + end)).toMatchObject({ passed: 2, failed: 2 });
  });

  it('fails when it crashed', () => expect(countTasks(1, 'no such project')).toMatchObject({ failed: 1 }));

  it('fails when it did nothing', () => expect(countTasks(0, '')).toMatchObject({ failed: 1 }));
});

describe('the last line', () => {
  it('adds up the tiers', () => {
    expect(summary(sum([outcome(2, 0), outcome(3, 1)]))).toBe('5 passed, 1 failed');
    expect(summary(sum([outcome(2, 0, 1), outcome(3, 1, 1)]))).toBe('5 passed, 1 failed, 2 skipped');
  });
});

describe('a run within a run', () => {
  it.each([
    ['12 passed, 0 failed', 0, outcome(12, 0)],
    ['12 passed, 3 failed, 1 skipped', 1, outcome(12, 3, 1)],
    ['12 passed, 0 failed', 1, outcome(12, 1)],
    ['Killed', 137, outcome(0, 1)],
    ['', 0, outcome(0, 1)],
  ])('is judged by its last line and its end: %p, %p', (line, code, wanted) => {
    expect(judged(line, code)).toEqual(wanted);
  });
});
