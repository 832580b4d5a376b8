import {
  migrate,
  openDatabase,
  openDirect,
  silentLogger,
  type Database,
  type Hints,
} from '@tidemark/runtime';
import { assignPositions } from '../src/sequencer/sequencer.js';
import { eventLogMigrations } from '../src/postgres/event-log-migration.js';
import { PostgresEventStore } from '../src/postgres/postgres-event-store.js';
import { PostgresLogReader } from '../src/postgres/postgres-log-reader.js';

/** A service for tests that has nothing but an event log. */
export const notes = { name: 'notes', migrations: eventLogMigrations };

export interface NotesUrls {
  readonly appUrl: string;
  readonly relayUrl: string;
}

export const migrateNotes = (ownerUrl: string, urls: NotesUrls) =>
  migrate({ ownerUrl, ...urls, service: notes, logger: silentLogger });

export interface NotesLog {
  readonly app: Database;
  readonly relay: Database;
  readonly store: PostgresEventStore;
  readonly reader: PostgresLogReader;
  /** All that is visible has its position afterwards. */
  sequence(): Promise<void>;
  close(): Promise<void>;
}

const deaf: Hints = {
  publish: () => undefined,
  subscribe: () => () => undefined,
  close: async () => undefined,
};

/** The adapters on a migrated database, as one process of the service has them. */
export function openNotes(urls: NotesUrls, hints: Hints = deaf): NotesLog {
  const app = openDatabase({ url: urls.appUrl, name: 'notes', max: 4, logger: silentLogger });
  const relay = openDatabase({ url: urls.relayUrl, name: 'notes relay', max: 2, logger: silentLogger });
  return {
    app,
    relay,
    store: new PostgresEventStore({ db: app, service: notes.name, hints }),
    reader: new PostgresLogReader(relay),
    sequence: async () => {
      // Fewer at a time than a test writes, so that several batches are the rule.
      while ((await relay.tx({}, (tx) => assignPositions(tx, 5))).commits > 0);
    },
    close: async () => {
      await app.close();
      await relay.close();
    },
  };
}

export const directRelay = (urls: NotesUrls) =>
  openDirect({ url: urls.relayUrl, name: 'notes leader', logger: silentLogger });
