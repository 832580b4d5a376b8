import type { LogEvent } from '@tidemark/contracts';
import {
  assignPositions,
  eventLogMigrations,
  PostgresEventStore,
  PostgresLogReader,
} from '@tidemark/event-store';
import { MemoryHints, silentLogger, type Database, type ServiceSchema, type Tx } from '@tidemark/runtime';
import { PostgresCheckpoints } from '../../src/events/checkpoints.js';
import type { EventsPair } from './events.contract.js';
import { LogSource } from '../../src/events/log-source.js';
import { PostgresInboxStore } from '../../src/inbox/postgres-inbox-store.js';
import { relayMigrations } from '../../src/relay/relay.migrations.js';
import { ORG_A, ORG_B } from './builders.js';
import { notesOf, writeNote } from './consumer-schema.js';
import { whileAlive } from './memory-pair.js';

/** A service that keeps a log. */
export const tellerSchema: ServiceSchema = {
  name: 'teller',
  migrations: [...eventLogMigrations, ...relayMigrations],
};

const HINT = 'log:teller';

export interface LogPairOptions {
  /** The teller's two roles, and the hearer's. */
  readonly app: Database;
  readonly relay: Database;
  readonly hearer: Database;
}

/** The way of the standalone mode: the hearer reads the teller's log in Postgres. */
export function logPair({ app, relay, hearer }: LogPairOptions): EventsPair {
  const hints = new MemoryHints(silentLogger);
  let source = 'orgs.events';
  return {
    store: new PostgresInboxStore(hearer),
    async publish(events) {
      await appendAll(app, events);
      await givePositions(relay);
      hints.publish(HINT, '');
    },
    source: (acknowledging) =>
      new LogSource({
        source,
        log: new PostgresLogReader(relay),
        checkpoints: whileAlive(new PostgresCheckpoints(hearer), acknowledging),
        hints,
        hint: HINT,
        logger: silentLogger,
        batchSize: 8,
      }),
    // A checkpoint never moves back; one of another name begins at 0.
    async rewind() {
      source += "'";
    },
    write: writeNote,
    entries: () => notesOf(hearer, [ORG_A, ORG_B]),
    close: () => hints.close(),
  };
}

export async function appendAll(app: Database, events: readonly LogEvent[]): Promise<void> {
  const store = new PostgresEventStore({ db: app, hints: new MemoryHints(silentLogger), service: 'teller' });
  for (const { org, stream, version, type, typeVersion, data, meta, at } of events) {
    const { outcome } = await store.append({
      ...{ org, stream, at, command: meta.command, fingerprint: 'f', schema: 1, state: {} },
      expected: version - 1,
      meta: { account: meta.account, requestId: meta.requestId },
      events: [{ type, typeVersion, data }],
    });
    if (outcome !== 'appended') throw new Error(`${stream} ${version}: ${outcome}`);
  }
}

export async function givePositions(relay: Database): Promise<void> {
  const once: Tx = { query: (sql, params, name) => relay.one(name ?? 'once', sql, params) };
  await assignPositions(once, 5_000);
}
