import type { BenchServer } from './measure/server.js';

export interface Surroundings {
  readonly server: BenchServer;
  /** A line of the result, on stdout. */
  readonly say: (line: string) => void;
  /** What is going on, on stderr. */
  readonly tell: (line: string) => void;
}

export interface BenchmarkContext extends Surroundings {
  /** Others use the machine at the same time: said at the end of each line. */
  readonly busy: boolean;
}

export interface Benchmark {
  readonly name: string;
  /** Says its lines, and returns all that it measured, for the file. Rejects with VoidError when work is missing. */
  run(context: BenchmarkContext): Promise<object>;
}

/** A side did not do the work it was timed for, so its time means nothing. */
export class VoidError extends Error {}
