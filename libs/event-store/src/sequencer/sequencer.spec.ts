import { describe, expect, it } from '@jest/globals';
import { MemoryHints, silentLogger, type Tx } from '@tidemark/runtime';
import { sequencer } from './sequencer.js';

/** A log of which only the number of waiting appends is known. */
function logWith(waiting: number) {
  let head = 0;
  const calls: number[] = [];
  const since: unknown[] = [];
  const log = {
    waiting,
    calls,
    since,
    connection: {
      query: async (_sql: string, [most, from]: readonly unknown[] = []) => {
        since.push(from);
        const commits_given = Math.min(log.waiting, most as number);
        log.waiting -= commits_given;
        calls.push(commits_given);
        return [{ commits_given, head: (head += commits_given), settled: `settled ${calls.length}` }];
      },
    } as Tx,
  };
  return log;
}

const until = async (holds: () => boolean) => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 1));
};

/** Runs the task until `holds`, then ends it. */
async function lead(
  log: ReturnType<typeof logWith>,
  options: object,
  meanwhile: (hints: MemoryHints) => Promise<void>,
) {
  const hints = new MemoryHints(silentLogger);
  const stop = new AbortController();
  const task = sequencer({ service: 'notes', hints, paceMs: 0, ...options })({
    connection: log.connection,
    signal: stop.signal,
  });
  try {
    await meanwhile(hints);
  } finally {
    stop.abort();
    await task;
    await hints.close();
  }
}

const NEVER = 1_000_000;

describe('the sequencer', () => {
  it('goes on without waiting while batches are full', async () => {
    const log = logWith(25);
    await lead(log, { most: 10, pollMs: NEVER }, () => until(() => log.waiting === 0));
    expect(log.calls).toEqual([10, 10, 5]);
  });

  it('leaves out what was settled before, and forgets it with its term', async () => {
    const log = logWith(15);
    for (let term = 1; term <= 2; term++) {
      const before = log.calls.length;
      await lead(log, { most: 10, pollMs: 1 }, () => until(() => log.calls.length >= before + 3));
    }
    expect(log.since.slice(0, 3)).toEqual(['0', 'settled 1', 'settled 2']);
    expect(log.since.filter((from) => from === '0')).toHaveLength(2);
  });

  it('looks when it is told, and tells readers how far the log goes', async () => {
    const log = logWith(0);
    await lead(log, { pollMs: NEVER }, async (hints) => {
      await until(() => log.calls.length === 1);
      const told: string[] = [];
      hints.subscribe('log:notes', (head) => told.push(head));
      log.waiting = 3;
      hints.publish('appended:notes', '');
      await until(() => told.length === 1);
      expect(told).toEqual(['3']);
      hints.publish('appended:other', '');
    });
    expect(log.calls).toEqual([0, 3]);
  });

  it('hears a hint that comes while it is at work', async () => {
    const log = logWith(0);
    const { connection } = log;
    await lead(log, { pollMs: NEVER }, async (hints) => {
      await until(() => log.calls.length === 1);
      const { query } = connection;
      connection.query = async (sql, params) => {
        const rows = await query(sql, params);
        if (log.calls.length === 2) {
          log.waiting = 2; // too late for this snapshot
          hints.publish('appended:notes', '');
          await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
        }
        return rows as never;
      };
      log.waiting = 1;
      hints.publish('appended:notes', '');
      await until(() => log.calls.length === 3);
    });
    expect(log.calls).toEqual([0, 1, 2]);
  });

  it('looks by itself when hints are lost', async () => {
    const log = logWith(0);
    await lead(log, { pollMs: 5 }, async () => {
      await until(() => log.calls.length === 2);
      log.waiting = 1;
      await until(() => log.waiting === 0);
    });
  });

  it('ends soon after its signal, also while it waits', async () => {
    const log = logWith(0);
    await lead(log, { pollMs: NEVER }, () => until(() => log.calls.length === 1));
    expect(log.calls).toEqual([0]);
  });

  it('gives up the lead when a statement fails', async () => {
    const failing: Tx = { query: () => Promise.reject(new Error('lost')) };
    const hints = new MemoryHints(silentLogger);
    const task = sequencer({ service: 'notes', hints })({
      connection: failing,
      signal: new AbortController().signal,
    });
    await expect(task).rejects.toThrow('lost');
  });
});
