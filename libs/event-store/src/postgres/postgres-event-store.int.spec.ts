import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { startPostgres, temporaryDir, type Running } from '@tidemark/testing';
import { eventStoreChecks, type EventStoreHarness } from '../../test/event-store.contract.js';
import { migrateNotes, openNotes, type NotesUrls } from '../../test/notes-log.js';

const dataDir = temporaryDir('event-store');
let server: Running;
let urls: NotesUrls;

beforeAll(async () => {
  server = await startPostgres({ dataDir });
  const urlFor = (role: string) =>
    Object.assign(new URL(server.url), { username: role, password: 'test' }).href;
  urls = { appUrl: urlFor('tidemark_notes_app'), relayUrl: urlFor('tidemark_notes_relay') };
  await migrateNotes(server.url, urls);
});

afterAll(async () => {
  await server?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** The whole server is killed, and starts again on what it has on disk. */
async function crashServer(): Promise<void> {
  const port = Number(new URL(server.url).port);
  server.kill('SIGKILL');
  await server.exited;
  server = await startPostgres({ dataDir, port });
}

async function harness(): Promise<EventStoreHarness> {
  let log = openNotes(urls);
  return {
    get store() {
      return log.store;
    },
    get reader() {
      return log.reader;
    },
    sequence: () => log.sequence(),
    crash: async () => {
      const before = log;
      await crashServer();
      await before.close();
      log = openNotes(urls);
    },
    close: () => log.close(),
  };
}

describe('the event store in Postgres', () => {
  it.each(eventStoreChecks)('$name', ({ run }) => run(harness));
});
