/** One shape of the work. */
export interface Cell {
  readonly name: string;
  readonly writers: number;
  readonly eventsPerAppend: number;
  /** By all writers together. */
  readonly appends: number;
  /** Before the clock starts, so that every side is timed with its code compiled and its connections open. */
  readonly warmUp: number;
  /** Then a writer goes on with its next stream. */
  readonly appendsPerStream: number;
  readonly mostMs: number;
  /** At least this many times as fast as the peer. */
  readonly target: number;
}

const common = { appendsPerStream: 20, mostMs: 10_000 };

export const cells: readonly Cell[] = [
  { ...common, name: '1x32', writers: 32, eventsPerAppend: 1, appends: 20_000, warmUp: 3_200, target: 3 },
  { ...common, name: '100x8', writers: 8, eventsPerAppend: 100, appends: 1_000, warmUp: 160, target: 1.6 },
];

/** One append of one writer: what it expects and what it adds. */
export interface Step {
  readonly stream: string;
  readonly expected: number;
}

/** The `n`-th append of a writer, counted from 0. No two writers share a stream. */
export function stepOf(cell: Cell, phase: string, writer: number, n: number): Step {
  const stream = `branch-${phase}-${writer}-${Math.floor(n / cell.appendsPerStream)}`;
  return { stream, expected: (n % cell.appendsPerStream) * cell.eventsPerAppend };
}

/** Which payload the event of this version has: known to writers and to whoever checks what is there. */
export function payloadIndex(stream: string, version: number, payloads: number): number {
  let hash = version * 31;
  for (let at = 0; at < stream.length; at++) hash = (Math.imul(hash, 33) + stream.charCodeAt(at)) >>> 0;
  return hash % payloads;
}
