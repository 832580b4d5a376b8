import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { notConfirmed } from '@tidemark/contracts';
import pg, { type PoolClient } from 'pg';
import type { Logger } from '../logging/logger.js';
import { afterSending, beforeCommit, isConnectionLost, isRetryable } from './database-errors.js';
import type { Database, Scope, Tx } from './database.js';
import { beginStatement, leftovers } from './scope.js';
import { numbersForBigints } from './types.js';

export interface DatabaseOptions {
  readonly url: string;
  /** Seen in pg_stat_activity. */
  readonly name: string;
  readonly max: number;
  readonly logger: Logger;
  /** After so long without a reply the connection is given up. Later than the server's own limits. */
  readonly patienceMs?: number;
}

const TRIES = 4;
const PATIENCE_MS = 30_000;

export function openDatabase(options: DatabaseOptions): Database {
  // No query_timeout: it abandons a running transaction and hands its connection to the next caller.
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: options.name,
    max: options.max,
    connectionTimeoutMillis: 5_000,
    maxLifetimeSeconds: 1_800,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types: numbersForBigints,
  });
  // Without a listener a connection that dies while nobody waits for it ends the process.
  pool.on('connect', (client) =>
    client.on('error', (error) => options.logger.debug({ error: error.message }, 'database connection lost')),
  );
  pool.on('error', () => undefined);
  return new PostgresDatabase(pool, options.patienceMs ?? PATIENCE_MS);
}

class PostgresDatabase implements Database {
  constructor(
    private readonly pool: pg.Pool,
    private readonly patienceMs: number,
  ) {}

  async tx<T>(scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T> {
    const begin = beginStatement(scope);
    for (let tries = 1; ; tries++) {
      try {
        return await this.attempt(begin, work);
      } catch (error) {
        if (!isRetryable(error) || tries === TRIES) throw beforeCommit(error);
        // Two who met once would meet again.
        await pause(randomInt(5, 25) * tries);
      }
    }
  }

  async one<R extends object>(name: string, sql: string, params: readonly unknown[] = []): Promise<R[]> {
    const client = await this.checkout();
    try {
      const { rows } = await client.query<R>({ name, text: sql, values: [...params] });
      giveBack(client);
      return rows;
    } catch (error) {
      giveBack(client, isConnectionLost(error) ? error : undefined);
      throw afterSending(error);
    }
  }

  close(): Promise<void> {
    return this.pool.end();
  }

  private async attempt<T>(begin: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    const client = await this.checkout();
    let result: T;
    try {
      await this.patiently(client, () => start(client, begin));
      result = await within(work, (query) => this.patiently(client, () => client.query(query)));
    } catch (error) {
      await undo(client);
      throw error;
    }
    await commit(client);
    return result;
  }

  /**
   * The server keeps the limits; this one is for a server that does not answer at all. Ending the client breaks the
   * connection, which nobody gets again, and the server rolls back. Never used for a COMMIT.
   */
  private async patiently<T>(client: PoolClient, ask: () => Promise<T>): Promise<T> {
    const timer = setTimeout(() => void client.end(), this.patienceMs);
    return ask().finally(() => clearTimeout(timer));
  }

  private async checkout(): Promise<PoolClient> {
    const client = await this.pool.connect().catch((error: unknown) => {
      throw beforeCommit(error);
    });
    const status = client.getTransactionStatus();
    if (status === 'I') return client;
    return discard(
      client,
      `A connection was handed out inside a transaction (status ${status ?? 'unknown'}).`,
    );
  }
}

/** BEGIN, a look at what the connection remembers, and the scope: one round trip. */
async function start(client: PoolClient, begin: string): Promise<void> {
  let nested = false;
  const onNotice = (notice: { code?: string | undefined }) => (nested ||= notice.code === '25001');
  client.on('notice', onNotice);
  try {
    const results = (await client.query(begin)) as unknown as pg.QueryResult[];
    const left = leftovers(results);
    if (nested) throw new Error('BEGIN found a transaction already open.');
    if (left) throw new Error(`A connection was handed out with a leftover setting: ${left}.`);
  } finally {
    client.off('notice', onNotice);
  }
}

/** A transaction that is passed on beyond its end must not speak into the next one. */
async function within<T>(
  work: (tx: Tx) => Promise<T>,
  send: (query: pg.QueryConfig) => Promise<pg.QueryResult>,
): Promise<T> {
  let open = true;
  const tx: Tx = {
    async query<R extends object>(sql: string, params: readonly unknown[] = [], name?: string): Promise<R[]> {
      if (!open) throw new Error('This transaction has ended.');
      const { rows } = await send({
        text: sql,
        values: [...params],
        ...(name === undefined ? {} : { name }),
      });
      return rows as R[];
    },
  };
  try {
    return await work(tx);
  } finally {
    open = false;
  }
}

async function commit(client: PoolClient): Promise<void> {
  let command: string;
  try {
    ({ command } = await client.query('commit'));
  } catch (error) {
    await undo(client);
    throw isConnectionLost(error) ? notConfirmed(error) : error;
  }
  giveBack(client);
  // The server answers ROLLBACK to the COMMIT of a transaction in which a statement failed unnoticed.
  if (command !== 'COMMIT')
    throw new Error('A failed statement was ignored; the transaction was rolled back.');
}

/** Leaves the connection clean or throws it away; what failed before is what the caller hears about. */
async function undo(client: PoolClient): Promise<void> {
  try {
    await client.query('rollback');
    giveBack(client);
  } catch (error) {
    giveBack(client, error);
  }
}

/** A connection goes back only when the server has said that no transaction is open on it. */
function giveBack(client: PoolClient, error?: unknown): void {
  const uncertain = error !== undefined || client.getTransactionStatus() !== 'I';
  client.release(uncertain);
}

function discard(client: PoolClient, reason: string): never {
  client.release(true);
  throw new Error(reason);
}
