import type { Benchmark, BenchmarkContext } from '../benchmark.js';
import { benchLine, detailLine } from '../measure/lines.js';
import { median, ratioOf, verdictOn, type Ratio, type Verdict } from '../measure/statistics.js';
import { cells, type Cell } from './cell.js';
import { makePayloads } from './payloads.js';
import {
  fetchTools,
  OURS,
  PEER,
  playRound,
  RAW,
  SEED,
  type Measured,
  type Round,
  type SideName,
  type Tools,
} from './rounds.js';

const ROUNDS = 5;

interface CellResult {
  readonly cell: Cell;
  readonly ratio: Ratio;
  readonly verdict: Verdict;
  readonly rounds: readonly Round[];
}

/** Appends of events until they are readable by position. */
export const w10: Benchmark = {
  name: 'W10',
  async run(context) {
    const tools = await fetchTools();
    const sizes = makePayloads(SEED).map((payload) => JSON.stringify(payload).length);
    context.say(
      detailLine('W10 payloads', {
        seed: SEED,
        different: sizes.length,
        median_bytes: median(sizes),
        most_bytes: Math.max(...sizes),
      }),
    );
    const results: CellResult[] = [];
    for (const cell of cells) results.push(await runCell(context, cell, tools));
    return { seed: SEED, cells: results };
  },
};

async function runCell(context: BenchmarkContext, cell: Cell, tools: Tools): Promise<CellResult> {
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await playRound(context, cell, tools));
  const ratio = ratioOf(rates(rounds, OURS), rates(rounds, PEER));
  const verdict = verdictOn(ratio, cell.target);
  for (const side of [OURS, PEER, RAW] as const)
    context.say(detailLine(`W10 ${cell.name} ${side}`, details(rounds, side)));
  context.say(lineOf(cell, rounds, ratio, [verdict, ...(context.busy ? ['busy'] : [])]));
  return { cell, ratio, verdict, rounds };
}

const eventsPerSecond = ({ events, readableMs }: Measured): number => (events * 1_000) / readableMs;
const rates = (rounds: readonly Round[], side: SideName): number[] =>
  rounds.map((round) => eventsPerSecond(round[side]));
const middle = (rounds: readonly Round[], side: SideName, value: (measured: Measured) => number): number =>
  median(rounds.map((round) => value(round[side])));

function lineOf(cell: Cell, rounds: readonly Round[], ratio: Ratio, words: readonly string[]): string {
  const fields = {
    ratio: ratio.median,
    min: ratio.min,
    max: ratio.max,
    peer: PEER,
    events_s: median(rates(rounds, OURS)),
    peer_events_s: median(rates(rounds, PEER)),
    pgbench_events_s: median(rates(rounds, RAW)),
    p99_ms: middle(rounds, OURS, ({ p99Ms }) => p99Ms),
    cell: cell.name,
    rounds: rounds.length,
    target: cell.target,
  };
  return benchLine('W10', fields, words);
}

function details(rounds: readonly Round[], side: SideName) {
  const of = (value: (measured: Measured) => number) => middle(rounds, side, value);
  const { fsync, synchronous_commit, wal_sync_method } = rounds[0]![side].durability;
  return {
    events_s: of(eventsPerSecond),
    acknowledged_s: of(({ events, acknowledgedMs }) => (events * 1_000) / acknowledgedMs),
    p50_ms: of(({ p50Ms }) => p50Ms),
    p99_ms: of(({ p99Ms }) => p99Ms),
    statements_per_append: of(({ statements, appends }) => statements / appends),
    rows_per_event: of(({ counters, events }) => counters.rowsWritten / events),
    wal_bytes_per_event: of(({ counters, events }) => counters.walBytes / events),
    client_cpu_ms_per_event: of(({ clientCpuMs, events }) => clientCpuMs / events),
    server_cpu_ms_per_event: of(({ counters, events }) => counters.serverCpuMs / events),
    read_events_s: of(({ readEventsPerSecond }) => readEventsPerSecond),
    fsync,
    synchronous_commit,
    wal_sync_method,
  };
}
