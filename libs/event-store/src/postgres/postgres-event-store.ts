import { hintTopics, type RecordedEvent } from '@tidemark/contracts';
import type { Database, Hints } from '@tidemark/runtime';
import type { Append, Appended, EventStore, Loaded } from '../event-store.js';
import { prepareAppend } from '../prepared-append.js';
import { AppendLane } from './append-lane.js';
import { batchJson, type OutcomeRow } from './append-rows.js';
import { recorded, type EventRow } from './event-rows.js';

export interface PostgresEventStoreOptions {
  /** Of the application's role. */
  readonly db: Database;
  /** Name of the service, for its hints. */
  readonly service: string;
  readonly hints: Hints;
}

export interface StreamRow extends Record<string, unknown> {
  readonly version: number | null;
  readonly schema: number | null;
  readonly state: object | null;
  readonly seen_version: number | null;
  readonly seen_fingerprint: string | null;
}

/** Statements: one per load, one per page of a stream, one per batch of appends. */
export class PostgresEventStore implements EventStore {
  private readonly lane: AppendLane;

  constructor(private readonly options: PostgresEventStoreOptions) {
    const { db, service, hints } = options;
    this.lane = new AppendLane({
      send: (appends) =>
        db.one<OutcomeRow & object>('append', 'select * from append_batch($1)', [batchJson(appends)]),
      written: () => hints.publish(hintTopics.appended(service), ''),
    });
  }

  async append(append: Append): Promise<Appended> {
    return this.lane.push(prepareAppend(append));
  }

  async load(org: string, stream: string, command?: string): Promise<Loaded> {
    const rows = await this.options.db.one<StreamRow>('load', LOAD, [org, stream, command ?? null]);
    return loaded(rows[0]!);
  }

  async readStream(org: string, stream: string, after: number, limit: number): Promise<RecordedEvent[]> {
    const rows = await this.options.db.one<EventRow & object>(
      'read-stream',
      'select * from read_stream($1, $2, $3, $4)',
      [org, stream, after, limit],
    );
    return rows.map((row) => recorded(org, stream, row));
  }
}

export const LOAD = 'select * from load_stream($1, $2, $3)';

export function loaded({ version, schema, state, seen_version, seen_fingerprint }: StreamRow): Loaded {
  const found = { version: version ?? 0, schema: schema ?? 0, state };
  if (seen_version === null) return found;
  return { ...found, repeated: { version: seen_version, fingerprint: seen_fingerprint! } };
}
