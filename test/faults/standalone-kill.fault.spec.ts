import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { check } from '../checker/check.mjs';
import type { Request } from '../checker/history.mjs';
import { until } from './kit/program.js';
import { seededRandom } from '@tidemark/testing';
import {
  begin,
  clusterOf,
  complaints,
  freshFolder,
  nothingLeft,
  processesOn,
  ready,
  start,
  type Standalone,
} from './kit/standalone.js';
import { liveTables, rebuiltTables } from './kit/tables.js';
import { countsOf, entriesOf, heardOf, logOf, withProjects } from './kit/witness.js';
import { Writers } from './kit/writers.js';

const load = { organizations: 40, changes: 25, writers: 8, givesUp: 0.1 };
const rounds = ['process', 'process', 'postgres', 'process'] as const;
const startMjs = join(import.meta.dirname, '..', '..', 'scripts', 'start.mjs');

describe('one process', () => {
  const random = seededRandom();
  const folders: string[] = [];
  let product: Standalone | undefined;

  const folder = () => {
    folders.push(freshFolder());
    return folders.at(-1)!;
  };

  afterAll(async () => {
    await product?.program.stop();
    for (const made of folders) {
      await nothingLeft(made);
      rmSync(made, { recursive: true, force: true });
    }
  }, 90_000);

  it('loses nothing that it acknowledged when it is killed, again and again', async () => {
    const dataDir = folder();
    const requests: Request[] = [];
    for (const [round, victim] of rounds.entries()) {
      product = await start(dataDir);
      const writers = new Writers(product, load, random, `${round}`);
      const written = writers.run();
      await until('some changes', 60_000, () => writers.settled > 30 + 10 * round + (random.seed % 10));
      await sleep(random.below(300));
      await kill[victim](product, dataDir);
      writers.stop();
      await written;
      requests.push(...writers.requests);
    }
    product = await start(dataDir);
    const cluster = clusterOf(dataDir);
    await until('the audit to have everything', 60_000, async () => {
      const { events, entries } = await countsOf(cluster);
      return entries >= events;
    });
    const events = await logOf(cluster);
    const history = {
      requests: withProjects(requests, events),
      events,
      messages: null,
      entries: await entriesOf(cluster),
      heard: await heardOf(cluster),
    };
    const violations = check(history);
    const acknowledged = requests.filter(({ outcome }) => outcome === 'acknowledged').length;
    console.log(
      `GATE standalone-kill acknowledged=${acknowledged} events=${events.length} faults=${rounds.length} violations=${violations.length} seed=${random.seed}`,
    );
    expect(violations).toEqual([]);
    const follow = async () => isDeepStrictEqual(await liveTables(cluster), rebuiltTables(events));
    await until('all tables to follow from the log', 60_000, follow);
    expect(acknowledged).toBeGreaterThan(120);
    await product.program.stop();
  }, 180_000);

  it('starts after it was killed at any moment of its first start', async () => {
    const dataDir = folder();
    for (const delay of [50, 300, 900, 2_000, 3_000]) {
      const program = begin(dataDir);
      await sleep(delay + random.below(delay));
      program.kill('SIGKILL');
      await program.ended;
    }
    product = await start(dataDir);
    const writers = new Writers(
      product,
      { organizations: 2, changes: 2, writers: 1, givesUp: 0 },
      random,
      'first',
    );
    await writers.run();
    expect(writers.requests.filter(({ outcome }) => outcome === 'acknowledged')).toHaveLength(4);
    expect((await product.program.stop()).code).toBe(0);
  }, 180_000);

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'ends with 0 after %s, and nothing is left running',
    async (signal) => {
      const dataDir = folder();
      const program = begin(dataDir, {}, [startMjs]);
      product = await ready(program, dataDir);
      expect(processesOn(dataDir).length).toBeGreaterThan(1);
      program.kill(signal);
      expect(await program.ended).toEqual({ code: 0, signal: null });
      expect(complaints(program)).toEqual([]);
      expect(processesOn(dataDir)).toEqual([]);
    },
    120_000,
  );

  it.each([50, 500, 1_500])(
    'ends with 0 after Ctrl-C in its first start, %i ms after its beginning or later',
    async (moment) => {
      const dataDir = folder();
      const program = begin(dataDir, {}, [startMjs]);
      await until('the script to start the program', 60_000, () => processesOn(dataDir).length > 1);
      await sleep(moment + random.below(moment));
      program.kill('SIGINT');
      expect(await program.ended).toEqual({ code: 0, signal: null });
      expect(complaints(program)).toEqual([]);
      await nothingLeft(dataDir);
    },
    60_000,
  );

  const kill = {
    /** Its Postgres ends or is taken over by the next start, which does not wait for that. */
    async process({ program }: Standalone): Promise<void> {
      program.kill('SIGKILL');
      await program.ended;
    },

    /** Then it serves again by itself, or ends so that it can be started anew. */
    async postgres({ program, api }: Standalone, dataDir: string): Promise<void> {
      const pid = Number(readFileSync(join(clusterOf(dataDir), 'postmaster.pid'), 'utf8').split('\n')[0]);
      process.kill(pid, 'SIGKILL');
      await until('the process to be over it', 60_000, async () => {
        const answer = program.running && (await fetch(new URL('/health/ready', api)).catch(() => undefined));
        return !program.running || (answer && answer.ok);
      });
      await program.stop();
    },
  };
});
