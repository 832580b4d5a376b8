import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { goodBranches } from './branch-history.builder.js';

const program = join(import.meta.dirname, 'check-branches.mjs');
const folder = mkdtempSync(join(tmpdir(), 'branches-'));

function written(name: string, kind: string, records: object[]): string {
  const file = join(folder, name);
  writeFileSync(file, records.map((record) => `${JSON.stringify({ kind, ...record })}\n`).join(''));
  return file;
}

const files = ({ pushes, reads }: ReturnType<typeof goodBranches>) => [
  written('pushes.ndjson', 'push', pushes),
  written('reads.ndjson', 'read', reads),
];

const run = (...args: string[]) => spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });

describe('check-branches.mjs', () => {
  afterAll(() => rmSync(folder, { recursive: true }));

  it('exits with 0 and counts what it saw', () => {
    const { status, stdout } = run(...files(goodBranches()));
    expect(stdout).toBe(
      'checked branches=2 acknowledged=5 failed=1 unknown=2 reads=7 comparisons=5 violations=0\n',
    );
    expect(status).toBe(0);
  });

  it('exits with 1 and names what is wrong, one line each', () => {
    const history = goodBranches();
    history.reads[6]!.ids = [];
    const { status, stdout } = run(...files(history));
    expect(stdout).toMatch(
      /^violation acknowledged-lost: fork: a in 1 of 1 later reads\nchecked .* violations=1\n$/,
    );
    expect(status).toBe(1);
  });

  it.each([
    ['nothing', { pushes: [], reads: [] }],
    ['no acknowledged push', { ...goodBranches(), pushes: [] }],
    ['no read', { ...goodBranches(), reads: [] }],
  ])('exits with 2 on %s', (_, history) => {
    const { status, stderr } = run(...files(history));
    expect(stderr).toBe('cannot check: there is nothing to check\n');
    expect(status).toBe(2);
  });

  it('exits with 2 on a line that is not JSON and on a file that is not there', () => {
    const file = join(folder, 'useless.ndjson');
    writeFileSync(file, '{');
    expect(run(file).status).toBe(2);
    expect(run(join(folder, 'none')).status).toBe(2);
  });
});
