import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { MemoryHints, silentLogger } from '@tidemark/runtime';
import { freshDatabase, type TestDatabase } from '@tidemark/testing';
import { anAppend } from '../../test/an-append.js';
import { directRelay, migrateNotes, openNotes, type NotesUrls } from '../../test/notes-log.js';
import { Leadership, type LeaderTask } from './leadership.js';
import { sequencer } from './sequencer.js';

let db: TestDatabase;
let urls: NotesUrls;
const started: Leadership[] = [];

beforeAll(async () => {
  db = await freshDatabase();
  urls = { appUrl: db.urlFor('tidemark_notes_app'), relayUrl: db.urlFor('tidemark_notes_relay') };
  await migrateNotes(db.ownerUrl, urls);
});
afterEach(async () => {
  for (const leadership of started.splice(0)) await leadership.stop();
});
afterAll(() => db?.drop());

function candidate(tasks: LeaderTask[] = [], service = 'notes'): Leadership {
  const connect = () => directRelay(urls);
  const leadership = new Leadership({ service, connect, tasks, logger: silentLogger, pauseMs: 20 });
  started.push(leadership);
  leadership.start();
  return leadership;
}

const until = async (holds: () => boolean | Promise<boolean>) => {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
};
const some = (all: readonly Leadership[]) => all.find(({ leading }) => leading);
/** Runs until it is told to end. */
const idle: LeaderTask = ({ signal }) =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
const killLeaders = () =>
  db.asOwner(`select pg_terminate_backend(l.pid) from pg_locks l
    where l.locktype = 'advisory' and l.granted and l.database = (select oid from pg_database where datname = current_database())`);

describe('leadership', () => {
  it('has one of several, until it stops', async () => {
    const all = [candidate([idle]), candidate([idle]), candidate([idle])];
    await until(() => some(all) !== undefined);
    const first = some(all)!;
    for (let looks = 0; looks < 20; looks++) {
      expect(all.filter(({ leading }) => leading)).toEqual([first]);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await first.stop();
    expect(first.leading).toBe(false);
    await until(() => some(all) !== undefined);
    expect(some(all)).not.toBe(first);
  });

  it('is one per service', async () => {
    const all = [candidate([idle], 'one'), candidate([idle], 'two')];
    await until(() => all.every(({ leading }) => leading));
  });

  it('passes on when its connection is killed, and its tasks are told', async () => {
    let terms = 0;
    let running = 0;
    const task: LeaderTask = async (lead) => {
      terms++;
      running++;
      await idle(lead);
      running--;
    };
    candidate([task, task]);
    await until(() => running === 2);
    await killLeaders();
    await until(() => terms === 4 && running === 2);
  });

  it('is given up when one task fails, and all others end first', async () => {
    let ended = 0;
    let failures = 0;
    const failing: LeaderTask = async () => {
      if (failures++ === 0) throw new Error('no');
    };
    const watched: LeaderTask = (lead) => idle(lead).then(() => void ended++);
    const leadership = candidate([failing, watched]);
    await until(() => failures === 2);
    expect(ended).toBe(1);
    await until(() => leadership.leading);
  });

  it('waits for a database that is away', async () => {
    let tries = 0;
    const connect = () => (++tries < 3 ? Promise.reject(new Error('away')) : directRelay(urls));
    const leadership = new Leadership({
      service: 'x',
      connect,
      tasks: [idle],
      logger: silentLogger,
      pauseMs: 5,
    });
    started.push(leadership);
    leadership.start();
    await until(() => leadership.leading);
  });

  it('with the sequencer gives positions, before and after its connection is killed', async () => {
    const hints = new MemoryHints(silentLogger);
    const log = openNotes(urls, hints);
    const leadership = candidate([sequencer({ service: 'notes', hints })]);
    await until(() => leadership.leading);
    for (const before of [0, 5]) {
      for (let n = 0; n < 5; n++) await log.store.append(anAppend());
      await until(async () => (await log.reader.head()) === before + 5);
      await killLeaders();
    }
    expect((await log.reader.read(0, 100)).map(({ position }) => position)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
    ]);
    expect(await log.reader.gauges()).toEqual({ head: 10, oldestWaitingSeconds: 0 });
    await log.close();
  });
});
