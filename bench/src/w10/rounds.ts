import { defaultCacheDir, pgTools } from '@tidemark/backing';
import type { BenchmarkContext } from '../benchmark.js';
import { VoidError } from '../benchmark.js';
import { difference, readCounters, type Counters } from '../measure/counters.js';
import type { Cell } from './cell.js';
import { startChild } from './child-process.js';
import { emmettPackages } from './emmett-packages.js';
import { makePayloads } from './payloads.js';
import { faultsOfPgbench, pgbench, prepareTable } from './sides/pgbench.js';
import type { Timed } from './side.js';
import { faultsInTables } from './tables.js';

export const OURS = 'tidemark';
export const PEER = 'emmett-postgresql';
export const RAW = 'pgbench';

export type SideName = typeof OURS | typeof PEER | typeof RAW;

export interface Measured extends Timed {
  readonly side: SideName;
  readonly readEventsPerSecond: number;
  readonly counters: Counters;
}

/** One round: each side once, one after the other. */
export type Round = Readonly<Record<SideName, Measured>>;

export const SEED = 10;

export interface Tools {
  readonly pgbench: string;
  readonly emmett: string;
}

export async function fetchTools(): Promise<Tools> {
  const cacheDir = defaultCacheDir(process.env, process.getuid?.() === 0);
  return { pgbench: await pgTools(cacheDir), emmett: await emmettPackages(cacheDir) };
}

export async function playRound(context: BenchmarkContext, cell: Cell, tools: Tools): Promise<Round> {
  return {
    [OURS]: await inDatabase(context, OURS, cell, (url) => inChild(context, OURS, cell, url, tools)),
    [PEER]: await inDatabase(context, PEER, cell, (url) => inChild(context, PEER, cell, url, tools)),
    [RAW]: await inDatabase(context, RAW, cell, (url) => raw(context, cell, url, tools)),
  };
}

type Work = (url: string) => Promise<{ measured: Measured; faults: readonly string[] }>;

function inDatabase(context: BenchmarkContext, side: SideName, cell: Cell, work: Work): Promise<Measured> {
  return context.server.withDatabase(async (url) => {
    const { measured, faults } = await work(url);
    if (faults.length > 0) throw new VoidError(`${cell.name} ${side}: ${faults.join('; ')}`);
    context.tell(
      `${cell.name} ${side}: ${Math.round((measured.events * 1_000) / measured.readableMs)} events/s`,
    );
    return measured;
  });
}

async function inChild({ server }: BenchmarkContext, side: SideName, cell: Cell, url: string, tools: Tools) {
  const child = await startChild({ side, cell: cell.name, seed: SEED, url, peer: tools.emmett });
  try {
    const { timed, counters } = await counted(server, url, () => child.timed());
    const { readEventsPerSecond, versions, faults } = await child.checked();
    const inTables = await faultsInTables(url, side, versions);
    return { measured: { side, ...timed, readEventsPerSecond, counters }, faults: [...faults, ...inTables] };
  } finally {
    await child.end();
  }
}

async function raw({ server }: BenchmarkContext, cell: Cell, url: string, tools: Tools) {
  await prepareTable(url);
  const work = { url, tools: tools.pgbench, folder: server.folder, cell, payloads: makePayloads(SEED) };
  const { timed, counters } = await counted(server, url, () => pgbench(work));
  const { output, ...rest } = timed;
  const faults = await faultsOfPgbench(url, cell, output);
  return { measured: { side: RAW, ...rest, readEventsPerSecond: 0, counters } as const, faults };
}

async function counted<T>(server: BenchmarkContext['server'], url: string, work: () => Promise<T>) {
  const database = new URL(url).pathname.slice(1);
  const before = await readCounters(server, database);
  const timed = await work();
  return { timed, counters: difference(before, await readCounters(server, database)) };
}
