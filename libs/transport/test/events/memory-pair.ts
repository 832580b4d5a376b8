import type { LogEvent } from '@tidemark/contracts';
import { MemoryLog, MemoryLogReader, type LogReader } from '@tidemark/event-store';
import { MemoryHints, silentLogger } from '@tidemark/runtime';
import { MemoryCheckpoints, type Checkpoints } from '../../src/events/checkpoints.js';
import type { EventSource } from '../../src/events/event-source.js';
import type { Entry, EventsPair } from './events.contract.js';
import { LogSource } from '../../src/events/log-source.js';
import type { InboxStore } from '../../src/inbox/inbox-store.js';
import { MemoryInboxStore, type MemoryTx } from '../../src/inbox/memory-inbox-store.js';

/** Parts that a test may replace by broken ones. */
export interface Parts {
  readonly store?: (store: InboxStore) => InboxStore;
  readonly log?: (log: LogReader) => LogReader;
  /** For one process; what it is given is kept for all. */
  readonly checkpoints?: (checkpoints: Checkpoints) => Checkpoints;
  readonly source?: (source: EventSource, checkpoints: Checkpoints) => EventSource;
}

const asItIs = <T>(part: T): T => part;
const HINT = 'log:orgs';

/** The log source on a log, a checkpoint and an inbox in memory. */
export function memoryPair(parts: Parts = {}): EventsPair {
  const { store = asItIs, log = asItIs, checkpoints = asItIs, source = asItIs } = parts;
  const kept: Entry[] = [];
  const disk = new MemoryLog();
  const reader = log(new MemoryLogReader(disk));
  const hints = new MemoryHints(silentLogger);
  let saved = new MemoryCheckpoints();
  return {
    store: store(new MemoryInboxStore(entriesIn(kept))),
    async publish(events) {
      disk.add(events.map(withoutPosition));
      hints.publish(HINT, '');
    },
    source(acknowledging) {
      const guarded = whileAlive(checkpoints(saved), acknowledging);
      const options = {
        source: 'orgs.events',
        log: reader,
        hints,
        hint: HINT,
        logger: silentLogger,
        pollMs: 20,
      };
      return source(new LogSource({ ...options, checkpoints: guarded, batchSize: 8 }), guarded);
    },
    async rewind() {
      saved = new MemoryCheckpoints();
    },
    async write(entry, tx) {
      await tx.query('', [entry]);
    },
    entries: async () => kept,
    close: () => hints.close(),
  };
}

export const whileAlive = (checkpoints: Checkpoints, acknowledging: () => void): Checkpoints => ({
  load: (source) => checkpoints.load(source),
  async save(source, position) {
    acknowledging();
    await checkpoints.save(source, position);
  },
});

/** A transaction that knows its tenant and takes entries as parameters. */
const entriesIn =
  (kept: Entry[]): MemoryTx =>
  (org) => {
    const written: Entry[] = [];
    return {
      tx: {
        async query<R extends object>(_sql: string, params: readonly unknown[] = []): Promise<R[]> {
          written.push({ tenant: org, ...(params[0] as Omit<Entry, 'tenant'>) });
          return [];
        },
      },
      keep: () => void kept.push(...written),
    };
  };

function withoutPosition({ position: _, ...event }: LogEvent): Omit<LogEvent, 'position'> {
  return event;
}
