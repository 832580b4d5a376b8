import { randomBytes, randomUUID } from 'node:crypto';
import { hintTopics } from '@tidemark/contracts';
import {
  eventLogMigrations,
  Leadership,
  PostgresEventStore,
  PostgresLogReader,
  sequencer,
} from '@tidemark/event-store';
import { MemoryHints, migrate, openDatabase, openDirect, silentLogger as logger } from '@tidemark/runtime';
import { durabilityOf } from '../../measure/durability.js';
import { withLogin } from '../../measure/server.js';
import type { Payload } from '../payloads.js';
import type { ReadBack, Side } from '../side.js';

const service = 'bench';
const ORGANIZATIONS = 8;
const PAGE = 1_000;

/** As a service runs it: the store of the role app, beside it the sequencer and a reader of the role relay. */
export async function tidemark(ownerUrl: string): Promise<Side> {
  const [appUrl, relayUrl] = ['app', 'relay'].map((role) => withLogin(ownerUrl, `bench_${role}`, 'bench'));
  await migrate({
    ownerUrl,
    appUrl: appUrl!,
    relayUrl: relayUrl!,
    service: { name: service, migrations: eventLogMigrations },
    logger,
  });
  const hints = new MemoryHints(logger);
  const app = openDatabase({ url: appUrl!, name: 'bench app', max: 4, logger });
  const relay = openDatabase({ url: relayUrl!, name: 'bench relay', max: 2, logger });
  const store = new PostgresEventStore({ db: app, service, hints });
  const reader = new PostgresLogReader(relay);
  const connect = () => openDirect({ url: relayUrl!, name: 'bench sequencer', logger });
  const leadership = new Leadership({ service, connect, tasks: [sequencer({ service, hints })], logger });
  leadership.start();
  const organizations = Array.from(
    { length: ORGANIZATIONS },
    (_, n) => `org_${n.toString(16).padStart(32, '0')}`,
  );
  return {
    dense: true,
    durability: await durabilityOf(appUrl!),
    async append(writer, stream, expected, payloads) {
      const result = await store.append(
        appendOf(organizations[writer % ORGANIZATIONS]!, stream, expected, payloads),
      );
      if (result.outcome !== 'appended') throw new Error(`An append to ${stream} was a ${result.outcome}.`);
    },
    async lastIsReadable(events) {
      const heard = hears(hints);
      try {
        while ((await reader.read(events - 1, 1)).length === 0) await heard.next();
      } finally {
        heard.stop();
      }
    },
    readAll: (events) => readAll(reader, events),
    async close() {
      await leadership.stop();
      await Promise.all([app.close(), relay.close(), hints.close()]);
    },
  };
}

const meta = { account: `acct_${'7'.repeat(32)}`, requestId: `req_${'5'.repeat(32)}` };

function appendOf(org: string, stream: string, expected: number, payloads: readonly Payload[]) {
  const last = payloads.at(-1)!;
  const events = payloads.map((data) => ({ type: 'BranchHeadMoved', typeVersion: 1, data }));
  const state = { status: 'open', branch: last.branch, head: last.to, moves: expected + events.length };
  const at = new Date().toISOString();
  return { org, stream, expected, command: randomUUID(), fingerprint, schema: 1, state, events, meta, at };
}

const fingerprint = randomBytes(16).toString('hex');

/** The next hint that positions were given, or a moment, whichever comes first. */
function hears(hints: MemoryHints): { next(): Promise<void>; stop(): void } {
  let wake = Promise.withResolvers<void>();
  const ring = () => {
    wake.resolve();
    wake = Promise.withResolvers();
  };
  const unsubscribe = hints.subscribe(hintTopics.log(service), ring);
  const timer = setInterval(ring, 20);
  return {
    next: () => wake.promise,
    stop() {
      unsubscribe();
      clearInterval(timer);
    },
  };
}

async function readAll(reader: PostgresLogReader, events: number): Promise<ReadBack[]> {
  const all: ReadBack[] = [];
  for (let after = 0; after < events;) {
    const page = await reader.read(after, PAGE);
    if (page.length === 0) break;
    for (const { position, stream, version, data } of page) all.push({ position, stream, version, data });
    after = all.at(-1)!.position;
  }
  return all;
}
