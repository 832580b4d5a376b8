import { setTimeout as pause } from 'node:timers/promises';
import { hintTopics } from '@tidemark/contracts';
import type { Hints, Tx } from '@tidemark/runtime';
import { Bell } from './bell.js';
import type { LeaderTask } from './leadership.js';

export interface SequencerOptions {
  readonly service: string;
  readonly hints: Hints;
  /** Under load a batch begins no earlier than this after the one before, so that it is worth its transaction. */
  readonly paceMs?: number;
  /** How long it waits when no hint comes: hints may be lost. */
  readonly pollMs?: number;
  /** Appends that get positions in one transaction. */
  readonly most?: number;
}

/** A hung connection is given up after this, longer than any limit the server keeps. */
const PATIENCE = 30_000;

/** Gives every visible event without a position the next one. Statements: one per batch. */
export const sequencer =
  ({ service, hints, paceMs = 5, pollMs = 250, most = 20_000 }: SequencerOptions): LeaderTask =>
  async ({ connection, signal }) => {
    const bell = new Bell();
    let since = EVERYTHING;
    const unsubscribe = hints.subscribe(hintTopics.appended(service), () => bell.ring());
    try {
      while (!signal.aborted) {
        const began = performance.now();
        bell.quiet();
        const { commits, head, settled } = await assignPositions(connection, most, since);
        since = settled;
        const took = performance.now() - began;
        if (commits > 0) hints.publish(hintTopics.log(service), String(head));
        if (commits < most) await bell.wait(pollMs, signal);
        const early = paceAfter(took, paceMs) - (performance.now() - began);
        if (commits > 0 && early > 0) await pause(early);
      }
    } finally {
      unsubscribe();
    }
  };

/** On a busy machine batches are slow: it takes about a third of a core at most, and never rests for long. */
const paceAfter = (took: number, paceMs: number) => Math.max(paceMs, Math.min(3 * took, 4 * paceMs));

export interface Assigned {
  readonly commits: number;
  readonly head: number;
  /** For the next call through the same connection: older transactions need not be looked at again. */
  readonly settled: string;
}

const EVERYTHING = '0';

/** One batch, in a transaction of its own. Whoever calls it, and how many at once: no position is given twice. */
export async function assignPositions(tx: Tx, most: number, since = EVERYTHING): Promise<Assigned> {
  const statement = tx.query<{ commits_given: number; head: number; settled: string }>(
    'select * from assign_positions($1, $2)',
    [most, since],
    'assign-positions',
  );
  const [row] = await inTime(statement);
  return { commits: row!.commits_given, head: row!.head, settled: row!.settled };
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('The database has not answered the sequencer.')), PATIENCE);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
