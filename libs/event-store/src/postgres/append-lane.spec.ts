import { describe, expect, it } from '@jest/globals';
import { DomainError, notConfirmed, unavailable } from '@tidemark/contracts';
import pg from 'pg';
import { anAppend, noted } from '../../test/an-append.js';
import { prepareAppend, type PreparedAppend } from '../prepared-append.js';
import { AppendLane } from './append-lane.js';
import type { OutcomeRow } from './append-rows.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));
const NO_PAUSES = Array<number>(8).fill(0);

/** What the database says to each batch: rows, or an error. */
type Server = (appends: readonly PreparedAppend[], call: number) => OutcomeRow[] | Promise<OutcomeRow[]>;

function laneTo(server: Server) {
  const batches: string[][] = [];
  let written = 0;
  const lane = new AppendLane({
    send: async (appends) => {
      batches.push(appends.map(({ stream }) => stream));
      return server(appends, batches.length);
    },
    written: () => written++,
    pauses: NO_PAUSES,
  });
  const push = (stream: string, more = {}) => lane.push(prepareAppend(anAppend({ stream, ...more })));
  return { push, batches, written: () => written };
}

const done = (appends: readonly PreparedAppend[]): OutcomeRow[] =>
  appends.map((_, n) => ({ n, outcome: 'appended', seen_version: 1, seen_fingerprint: null }));

const late: Server = async (appends) => {
  await turn();
  return done(appends);
};

const refusal = (code: string) => Object.assign(new pg.DatabaseError(`state ${code}`, 1, 'error'), { code });
const lost = () => notConfirmed(new Error('Connection terminated unexpectedly'));
const down = () => unavailable('The database is down.', new Error('Connection terminated unexpectedly'));
const lockTimeout = () => new DomainError('UNAVAILABLE', 'held', [], { cause: refusal('55P03') });

const names = (count: number) => Array.from({ length: count }, (_, n) => `s${n}`);
const appended = { outcome: 'appended', version: 1 };

describe('the lane of appends', () => {
  it('sends what comes at once together, and what comes meanwhile with the next one', async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const { push, batches, written } = laneTo(async (appends, call) => {
      if (call === 1) await held;
      return done(appends);
    });
    const first = names(3).map((name) => push(name));
    while (batches.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const second = [push('a'), push('b')];
    release();
    expect(await Promise.all([...first, ...second])).toEqual(Array(5).fill(appended));
    expect(batches).toEqual([names(3), ['a', 'b']]);
    expect(written()).toBe(2);
  });

  it('has three statements under way at most, never two of one stream, and keeps the order of a stream', async () => {
    const replies: (() => void)[] = [];
    const lane = laneTo(async (appends) => {
      await new Promise<void>((resolve) => replies.push(resolve));
      return done(appends);
    });
    const { batches } = lane;
    const all: Promise<unknown>[] = [];
    const push = (...streams: string[]) =>
      all.push(...streams.map((stream) => lane.push(stream, { org: 'org_1' })));
    const sent = async (count: number) => {
      while (batches.length < count) await turn();
      for (let turns = 0; turns < 5; turns++) await turn();
      return batches.at(-1);
    };
    push('a', 'b');
    await sent(1);
    push('a', 'c', 'b');
    expect(await sent(2)).toEqual(['c']);
    push('d');
    expect(await sent(3)).toEqual(['d']);
    push('e', 'c', 'a');
    await sent(3);
    expect(batches).toHaveLength(3);
    replies[1]!();
    expect(await sent(4)).toEqual(['e', 'c']);
    replies[0]!();
    expect(await sent(5)).toEqual(['a', 'b', 'a']);
    replies.forEach((reply) => reply());
    expect(await Promise.all(all)).toEqual(Array(9).fill(appended));
  });

  it.each([
    ['half of 32', 32, {}, [16, 16]],
    ['a third of 96', 96, {}, [32, 32, 32]],
    ['all of 12, which are not worth more statements', 12, {}, [12]],
    ['half of 4 that are large', 4, { events: [noted(1, { text: 'x'.repeat(60_000) })] }, [2, 2]],
  ])('takes of what comes back together %s', async (_, writers, more, sizes) => {
    const { push, batches } = laneTo(late);
    const writer = async (name: string) => {
      for (let n = 0; n < 10; n++) await push(name, more);
    };
    await Promise.all(names(writers).map(writer));
    expect(batches[0]).toHaveLength(writers);
    expect(batches.slice(1, 1 + 2 * sizes.length).map(({ length }) => length)).toEqual([...sizes, ...sizes]);
    expect(batches.flat()).toHaveLength(10 * writers);
  });

  it('goes on with other streams while one is held up', async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const { push } = laneTo(async (appends) => {
      if (appends.some(({ stream }) => stream === 'slow')) await held;
      return done(appends);
    });
    const slow = push('slow');
    await turn();
    for (let n = 0; n < 3; n++) expect(await push('quick')).toEqual(appended);
    release();
    expect(await slow).toEqual(appended);
  });

  it('sends at most 256 appends or 1 MiB at a time, but a large one alone', async () => {
    const { push, batches } = laneTo(late);
    await Promise.all(names(300).map((name) => push(name)));
    expect(batches.map(({ length }) => length)).toEqual([256, 22, 22]);
    batches.length = 0;
    const large = (kib: number) => ({ events: [noted(1, { text: 'x'.repeat(kib * 1024) })] });
    const twoMib = {
      events: [noted(1, { text: 'x'.repeat(1_000_000) }), noted(2, { text: 'x'.repeat(1_000_000) })],
    };
    await Promise.all([
      push('a', large(600)),
      push('b', large(300)),
      push('c', large(300)),
      push('d', twoMib),
      push('e'),
    ]);
    expect(batches).toEqual([['a', 'b'], ['c'], ['d'], ['e']]);
  });

  it('acknowledges nothing before the database has', async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const { push, batches } = laneTo(async (appends) => {
      await held;
      return done(appends);
    });
    let acknowledged = false;
    const append = push('a').then(() => (acknowledged = true));
    while (batches.length === 0) await new Promise((resolve) => setImmediate(resolve));
    for (let turns = 0; turns < 5; turns++) await new Promise((resolve) => setImmediate(resolve));
    expect(acknowledged).toBe(false);
    release();
    await append;
  });

  it('gives each append its own outcome, in whatever order they come back', async () => {
    const { push, written } = laneTo(() => [
      { n: 2, outcome: 'conflict', seen_version: 7, seen_fingerprint: null },
      { n: 0, outcome: 'repeated', seen_version: 3, seen_fingerprint: 'f' },
      { n: 1, outcome: 'conflict', seen_version: 0, seen_fingerprint: null },
    ]);
    expect(await Promise.all(names(3).map((name) => push(name)))).toEqual([
      { outcome: 'repeated', version: 3, fingerprint: 'f' },
      { outcome: 'conflict', actual: 0 },
      { outcome: 'conflict', actual: 7 },
    ]);
    expect(written()).toBe(0);
  });

  it('lets one bad append fail alone, in few statements', async () => {
    const { push, batches } = laneTo((appends) => {
      if (appends.some(({ stream }) => stream === 's13')) throw refusal('23514');
      return done(appends);
    });
    const results = await Promise.allSettled(names(64).map((name) => push(name)));
    const failed = results.flatMap(({ status }, n) => (status === 'rejected' ? [n] : []));
    expect(failed).toEqual([13]);
    expect(results[13]).toMatchObject({ reason: { code: '23514' } });
    expect(batches).toHaveLength(13);
  });

  it('goes one by one past an append that is held up by a lock', async () => {
    const { push, batches } = laneTo((appends) => {
      if (appends.some(({ stream }) => stream === 's2')) throw lockTimeout();
      return done(appends);
    });
    const results = await Promise.allSettled(names(4).map((name) => push(name)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(batches).toEqual([names(4), ['s0'], ['s1'], ['s2'], ['s3']]);
  });

  it.each(['40P01', '40001', '23505'])(
    'tries again what another transaction has undone (%s)',
    async (code) => {
      const { push, batches } = laneTo((appends, call) => {
        if (call < 3) throw refusal(code);
        return done(appends);
      });
      expect(await Promise.all([push('a'), push('b')])).toEqual([appended, appended]);
      expect(batches).toEqual(Array(3).fill(['a', 'b']));
    },
  );

  it('sends the same again when no reply came, until the database tells', async () => {
    const commands: string[][] = [];
    const { push } = laneTo((appends, call) => {
      commands.push(appends.map(({ command }) => command));
      if (call === 1) throw lost();
      if (call < 4) throw down();
      return appends.map((_, n) => ({ n, outcome: 'repeated', seen_version: 1, seen_fingerprint: 'f' }));
    });
    expect(await push('a')).toEqual({ outcome: 'repeated', version: 1, fingerprint: 'f' });
    expect(commands).toHaveLength(4);
    expect(new Set(commands.flat()).size).toBe(1);
  });

  it('never says that nothing was saved when it does not know', async () => {
    const { push } = laneTo((_, call) => {
      throw call === 1 ? lost() : down();
    });
    const results = await Promise.allSettled([push('a'), push('b')]);
    for (const result of results)
      expect(result).toMatchObject({
        reason: { code: 'TIMEOUT', message: expect.stringMatching(/^Not confirmed/) },
      });
  });

  it('knows again that nothing was saved when the database refuses the second try', async () => {
    const { push, batches } = laneTo((appends, call) => {
      if (call === 1) throw lost();
      if (appends.some(({ stream }) => stream === 'bad')) throw refusal('23514');
      return done(appends);
    });
    const results = await Promise.allSettled([push('good'), push('bad')]);
    expect(results).toMatchObject([{ value: appended }, { reason: { code: '23514' } }]);
    expect(batches).toEqual([['good', 'bad'], ['good', 'bad'], ['good'], ['bad']]);
  });

  it('stays uncertain behind a lock, in every part', async () => {
    const { push } = laneTo((_, call) => {
      throw call === 1 ? lost() : lockTimeout();
    });
    const results = await Promise.allSettled([push('a'), push('b')]);
    for (const result of results) expect(result).toMatchObject({ reason: { code: 'TIMEOUT' } });
  });

  it('refuses at once while the database cannot be reached, and works when it can', async () => {
    const { push, batches } = laneTo((appends, call) => {
      if (call === 1) throw down();
      return done(appends);
    });
    const results = await Promise.allSettled([push('a'), push('b')]);
    for (const result of results) expect(result).toMatchObject({ reason: { code: 'UNAVAILABLE' } });
    expect(await push('c')).toEqual(appended);
    expect(batches).toEqual([['a', 'b'], ['c']]);
  });

  it('refuses a reply that leaves an append out', async () => {
    const { push } = laneTo((appends) => (appends.length > 1 ? done(appends).slice(1) : []));
    const results = await Promise.allSettled([push('a'), push('b')]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('takes no more than 64 MiB while it waits', async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const { push } = laneTo(async (appends) => {
      await held;
      return done(appends);
    });
    const events = Array.from({ length: 7 }, (_, n) => noted(n, { text: 'x'.repeat(1_000_000) }));
    const results = Promise.allSettled(names(12).map((name) => push(name, { events })));
    release();
    const refused = (await results).filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(3);
    expect(refused[0]).toMatchObject({ reason: { code: 'UNAVAILABLE' } });
    expect(await push('later')).toEqual(appended);
  });
});
