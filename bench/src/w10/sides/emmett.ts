import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { durabilityOf } from '../../measure/durability.js';
import { countStatements } from '../statements.js';
import type { ReadBack, Side } from '../side.js';

/** As much of emmett-postgresql 0.42 as is used here. */
interface Emmett {
  readonly getPostgreSQLEventStore: (
    url: string,
    options: { connectionOptions: { pool: pg.Pool } },
  ) => EmmettStore;
  readonly readMessagesBatch: (
    executor: unknown,
    options: { after: bigint; batchSize: number },
  ) => Promise<{ messages: EmmettMessage[] }>;
}

interface EmmettStore {
  readonly schema: { migrate(): Promise<unknown> };
  appendToStream(
    stream: string,
    events: readonly { type: string; data: object }[],
    options: { expectedStreamVersion: bigint },
  ): Promise<{ lastEventGlobalPosition: bigint }>;
}

interface EmmettMessage {
  readonly data: object;
  readonly metadata: {
    readonly streamName: string;
    readonly streamPosition: bigint;
    readonly globalPosition: bigint;
  };
}

const CONNECTIONS = 32;

/**
 * As its documentation has it, on a pool of as many connections as there are writers. The pool is handed in: of the
 * options of a pool that the store makes itself, this version ignores `max`.
 */
export async function emmett(url: string, folder: string): Promise<Side> {
  const load = createRequire(join(folder, 'package.json'));
  const { getPostgreSQLEventStore, readMessagesBatch } = load('@event-driven-io/emmett-postgresql') as Emmett;
  const { dumbo } = load('@event-driven-io/dumbo') as { dumbo: (options: object) => { execute: unknown } };
  const { Pool, Client } = load('pg') as typeof pg;
  countStatements(Client);
  const pool = new Pool({ connectionString: url, max: CONNECTIONS });
  pool.on('error', () => undefined); // the next query says what happened
  const store = getPostgreSQLEventStore(url, { connectionOptions: { pool } });
  const { execute } = dumbo({ connectionString: url, pool });
  await store.schema.migrate();
  let last = 0n;
  return {
    dense: false,
    durability: await durabilityOf(url),
    async append(_writer, stream, expected, payloads) {
      const events = payloads.map((data) => ({ type: 'BranchHeadMoved', data }));
      const result = await store.appendToStream(stream, events, { expectedStreamVersion: BigInt(expected) });
      if (result.lastEventGlobalPosition > last) last = result.lastEventGlobalPosition;
    },
    async lastIsReadable() {
      const isThere = async () =>
        (await readMessagesBatch(execute, { after: last - 1n, batchSize: 1 })).messages.length > 0;
      while (!(await isThere())) await pause(1);
    },
    // One page: it reads in the order of transactions but goes on after a position, so pages could miss events.
    async readAll(events) {
      const { messages } = await readMessagesBatch(execute, { after: 0n, batchSize: events + 1 });
      return messages.map(readBack);
    },
    async close() {
      await pool.end();
    },
  };
}

const readBack = ({ data, metadata }: EmmettMessage): ReadBack => ({
  position: Number(metadata.globalPosition),
  stream: metadata.streamName,
  version: Number(metadata.streamPosition),
  data,
});
