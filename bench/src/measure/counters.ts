import type { BenchServer } from './server.js';
import { cpuMsOfFamily } from './cpu.js';

/** Running totals of the server; what a side cost is the difference of two of them. */
export interface Counters {
  readonly walBytes: number;
  readonly commits: number;
  readonly rowsWritten: number;
  readonly serverCpuMs: number;
}

/** `database` is where the rows are written; only one side works at a time, so WAL and CPU are its own. */
export async function readCounters(server: BenchServer, database: string): Promise<Counters> {
  const [row] = await server.query<{ wal: string; commits: string; rows: string }>(
    `select pg_current_wal_insert_lsn() - '0/0' as wal, xact_commit as commits,
       tup_inserted + tup_updated + tup_deleted as rows
     from pg_stat_database where datname = $1`,
    [database],
  );
  return {
    walBytes: Number(row!.wal),
    commits: Number(row!.commits),
    rowsWritten: Number(row!.rows),
    serverCpuMs: cpuMsOfFamily(server.pid),
  };
}

export const difference = (before: Counters, after: Counters): Counters => ({
  walBytes: after.walBytes - before.walBytes,
  commits: after.commits - before.commits,
  rowsWritten: after.rowsWritten - before.rowsWritten,
  serverCpuMs: after.serverCpuMs - before.serverCpuMs,
});
