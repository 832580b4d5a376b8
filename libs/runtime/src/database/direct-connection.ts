import pg from 'pg';
import type { Logger } from '../logging/logger.js';
import { afterSending, beforeCommit } from './database-errors.js';
import type { Tx } from './database.js';
import { numbersForBigints } from './types.js';

/**
 * A connection of its own for what belongs to a session, such as an advisory lock that outlives a transaction. It is
 * never shared, never pooled and never comes back: when it is lost, so is everything it held.
 */
export interface DirectConnection extends Tx {
  /** Calls back once, also when the connection is lost already; not after `close()`. */
  onLost(callback: (reason: string) => void): void;
  close(): Promise<void>;
}

export interface DirectOptions {
  readonly url: string;
  readonly name: string;
  readonly logger: Logger;
}

export async function openDirect(options: DirectOptions): Promise<DirectConnection> {
  const client = new pg.Client({
    connectionString: options.url,
    application_name: options.name,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 5_000,
    types: numbersForBigints,
  });
  const connection = new PostgresConnection(client);
  try {
    await client.connect();
  } catch (error) {
    throw beforeCommit(error);
  }
  return connection;
}

class PostgresConnection implements DirectConnection {
  private reason: string | undefined;
  private closing = false;
  private readonly listeners: ((reason: string) => void)[] = [];

  constructor(private readonly client: pg.Client) {
    client.on('error', (error) => this.lost(error.message));
    client.on('end', () => this.lost('the connection ended'));
  }

  async query<R extends object>(sql: string, params: readonly unknown[] = [], name?: string): Promise<R[]> {
    try {
      const { rows } = await this.client.query<R>({
        text: sql,
        values: [...params],
        ...(name === undefined ? {} : { name }),
      });
      return rows;
    } catch (error) {
      throw afterSending(error);
    }
  }

  onLost(callback: (reason: string) => void): void {
    if (this.reason === undefined) this.listeners.push(callback);
    else if (!this.closing) callback(this.reason);
  }

  async close(): Promise<void> {
    this.closing = true;
    await this.client.end();
  }

  private lost(reason: string): void {
    if (this.reason !== undefined) return;
    this.reason = reason;
    if (!this.closing) this.listeners.forEach((listener) => listener(reason));
  }
}
