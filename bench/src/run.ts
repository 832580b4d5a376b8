import type { Benchmark, Surroundings } from './benchmark.js';
import { driftOf, hasDrifted, type Drift, type Probes } from './measure/drift.js';
import { othersShare } from './measure/cpu.js';
import { detailLine } from './measure/lines.js';
import { probe } from './measure/probes.js';

/** A machine that others use more than this is not a place to compare sides that use it in different ways. */
const MOST_OTHERS = 0.15;

export interface Outcome {
  readonly name: string;
  readonly start: Probes;
  readonly end: Probes;
  readonly drift: Drift;
  /** Share of the machine that others used before it began. */
  readonly othersCpu: number;
  /** The machine changed during a first run, which is forgotten. */
  readonly repeated: boolean;
  readonly result: object;
}

/** Measures between two probes of the machine; once more, and no third time, if it was not the same at the end. */
export async function runBenchmark(benchmark: Benchmark, context: Surroundings): Promise<Outcome> {
  const first = await probed(benchmark, context);
  if (!hasDrifted(first.drift)) return first;
  context.say(`${benchmark.name} runs once more: the machine was not the same at start and end`);
  return { ...(await probed(benchmark, context)), repeated: true };
}

async function probed(benchmark: Benchmark, context: Surroundings): Promise<Outcome> {
  const { name } = benchmark;
  const { folder } = context.server;
  const { result: start, share: othersCpu } = await othersShare(() => probe(folder));
  context.say(detailLine(`${name} probes at start`, { ...fields(start), others_cpu: othersCpu }));
  const result = await benchmark.run({ ...context, busy: othersCpu > MOST_OTHERS });
  const end = await probe(folder);
  const drift = driftOf(start, end);
  context.say(
    detailLine(`${name} probes at end`, { ...fields(end), drift: drift.share, most_in: drift.probe }),
  );
  return { name, start, end, drift, othersCpu, repeated: false, result };
}

const fields = ({ fsyncs, pings, sha256Megabytes }: Probes) => ({
  fsync_s: fsyncs,
  loopback_ping_s: pings,
  sha256_mb_s: sha256Megabytes,
});
