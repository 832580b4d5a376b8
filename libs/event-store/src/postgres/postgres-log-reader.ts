import type { LogEvent } from '@tidemark/contracts';
import type { Database } from '@tidemark/runtime';
import type { LogReader } from '../log-reader.js';
import { recorded, type EventRow } from './event-rows.js';

interface LogRow extends EventRow {
  readonly pos: number;
  readonly org: string;
  readonly stream: string;
}

export interface LogGauges {
  /** The highest position given. */
  readonly head: number;
  /** Age of the oldest event that waits for its position, in seconds; 0 when none waits. */
  readonly oldestWaitingSeconds: number;
}

/** Reads as the relay's role, which sees all organizations. */
export class PostgresLogReader implements LogReader {
  constructor(private readonly db: Database) {}

  async read(after: number, limit: number): Promise<LogEvent[]> {
    const rows = await this.db.one<LogRow & object>('read-log', 'select * from read_log($1, $2)', [
      after,
      limit,
    ]);
    return rows.map((row) => ({ position: row.pos, ...recorded(row.org, row.stream, row) }));
  }

  async head(): Promise<number> {
    const [row] = await this.db.one<{ position: number }>('log-head', 'select position from log_head');
    return row!.position;
  }

  async gauges(): Promise<LogGauges> {
    const [row] = await this.db.one<{ head: number; waiting: number }>(
      'log-gauges',
      `select (select position from log_head) as head, (
         select coalesce(greatest(0, extract(epoch from now() - min(at))), 0)::float8 from commits where position is null
       ) as waiting`,
    );
    return { head: row!.head, oldestWaitingSeconds: row!.waiting };
  }
}
