import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '@tidemark/testing';
import { checkBranches, countBranches } from '../checker/branch-check.mjs';
import type { BranchHistory } from '../checker/branch-history.mjs';
import { BranchReaders } from './kit/branch-readers.js';
import { Distributed, type Part } from './kit/distributed.js';
import { inject, type Fault } from './kit/injector.js';
import { PushSession } from './kit/push-session.js';
import { Pushers } from './kit/pushers.js';

const load = { branches: 32, writers: 16, pushes: 160 };
const wanted = { acknowledged: 120, reads: 1_000, comparisons: 2_000 };

const parts = [
  'gateway',
  'orgs',
  'branches',
  'snapshots',
  'audit',
  'postgres',
  'kafka',
  'redis',
  'gcs',
] as const;

describe('pushes while processes are killed', () => {
  const random = seededRandom();
  const dataDir = mkdtempSync(join(tmpdir(), 'tidemark-pushes-'));
  chmodSync(dataDir, 0o755);
  let product: Distributed;

  beforeAll(async () => (product = await Distributed.start(dataDir)), 150_000);
  afterAll(async () => {
    await product?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }, 90_000);

  it('are all there if they were acknowledged, whole, and where they were', async () => {
    const session = await PushSession.open(product.api, `pusher-${random.seed}`);
    const files = [];
    for (let n = 0; n < 4; n++) files.push(await session.makeFile(random));
    const pushers = new Pushers([session], files, load, random);
    const readers = new BranchReaders(session, pushers.places, random);

    const [written, read] = [pushers.run(), readers.run(6)];
    const struck = await inject(parts.map(killOf), random, load.pushes, () => pushers.acknowledged).catch(
      (error: unknown) => {
        pushers.stop();
        throw error;
      },
    );
    await written;
    readers.stop();
    await read;
    await readers.readAll();
    await readers.readLists(wanted.comparisons + load.branches);

    const history: BranchHistory = { pushes: pushers.pushes, reads: readers.reads };
    const violations = checkBranches(history);
    const counts = countBranches(history);
    const of = (...rules: RegExp[]) =>
      violations.filter(({ rule }) => rules.some((one) => one.test(rule))).length;
    const lost = of(/^(acknowledged-lost|never-read-again)$/);
    console.log(
      `GATE R1 acknowledged=${counts.acknowledged} lost=${lost} faults=${struck.length} failed=${counts.failed} unknown=${counts.unknown} seed=${random.seed}`,
    );
    console.log(
      `GATE R2 reads=${readers.reads.length} fetched=${readers.fetched} dangling=${readers.dangling.length} changed=${readers.changed.length} seed=${random.seed}`,
    );
    console.log(
      `GATE R5 comparisons=${counts.comparisons} violations=${violations.length - lost} seed=${random.seed}`,
    );
    if (violations.length > 0)
      console.log(`struck ${struck.join(' ')}; history kept in ${kept(history)}\n${product.words()}`);
    expect(violations.slice(0, 20)).toEqual([]);
    expect(readers.dangling.slice(0, 20)).toEqual([]);
    expect(readers.changed.slice(0, 20)).toEqual([]);
    expect(struck).toHaveLength(parts.length);
    expect(counts.acknowledged).toBeGreaterThanOrEqual(wanted.acknowledged);
    expect(readers.reads.length).toBeGreaterThanOrEqual(wanted.reads);
    expect(counts.comparisons).toBeGreaterThanOrEqual(wanted.comparisons);
  }, 240_000);

  const killOf = (part: Part): Fault => ({ name: part, strike: async () => product.kill(part) });
});

/** For a look at what went wrong: `node test/checker/check-branches.mjs <file>`. */
function kept({ pushes, reads }: BranchHistory): string {
  const file = join(mkdtempSync(join(tmpdir(), 'tidemark-branches-')), 'history.ndjson');
  const lines = [
    ...pushes.map((push) => ({ kind: 'push', ...push })),
    ...reads.map((read) => ({ kind: 'read', ...read })),
  ];
  writeFileSync(file, lines.map((line) => JSON.stringify(line)).join('\n'));
  return file;
}
