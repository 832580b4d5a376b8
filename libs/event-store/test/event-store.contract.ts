import { expect } from '@jest/globals';
import { isUuid, newCommandId, newOrgId, type LogEvent } from '@tidemark/contracts';
import type { EventStore } from '../src/event-store.js';
import type { LogReader } from '../src/log-reader.js';
import { anAppend, inOneStream, noted } from './an-append.js';

/** A store and its log, freshly opened; what others wrote may be in it. */
export interface EventStoreHarness {
  readonly store: EventStore;
  readonly reader: LogReader;
  /** All that is visible has its position afterwards. */
  sequence(): Promise<void>;
  /** Everything that is not on disk is lost, and the adapters are opened again. */
  crash(): Promise<void>;
  close(): Promise<void>;
}

export type EventStoreFactory = () => Promise<EventStoreHarness>;

/** A promise of the port. `run` rejects when the adapter breaks it. */
export interface EventStoreCheck {
  readonly name: string;
  run(factory: EventStoreFactory): Promise<void>;
}

const check = (name: string, holds: (harness: EventStoreHarness) => Promise<void>): EventStoreCheck => ({
  name,
  async run(factory) {
    const harness = await factory();
    try {
      await holds(harness);
    } finally {
      await harness.close();
    }
  },
});

const appendAll = async ({ store }: EventStoreHarness, appends: ReturnType<typeof inOneStream>) => {
  for (const append of appends) expect((await store.append(append)).outcome).toBe('appended');
};

const versionsOf = async ({ store }: EventStoreHarness, org: string, stream = 'note-1') =>
  (await store.readStream(org, stream, 0, 1_000)).map(({ version }) => version);

/** Where the log ends, with what earlier checks left unnumbered. */
const endOfLog = async (harness: EventStoreHarness) => {
  await harness.sequence();
  return harness.reader.head();
};

/** What stands in the log after a position, read in small pages as a follower does. */
async function logAfter({ reader }: EventStoreHarness, position: number): Promise<LogEvent[]> {
  const all: LogEvent[] = [];
  for (let at = position; ; at = all.at(-1)!.position) {
    const page = await reader.read(at, 7);
    if (page.length === 0) return all;
    expect(page.length).toBeLessThanOrEqual(7);
    expect(page[0]!.position).toBeGreaterThan(at);
    all.push(...page);
  }
}

const upTo = (count: number) => Array.from({ length: count }, (_, n) => n + 1);

export const eventStoreChecks: readonly EventStoreCheck[] = [
  check('keeps every event of an append, in its order and with all it was given', async ({ store }) => {
    const data = {
      text: 'ä\n"\\u0000 \u{1f30a}',
      list: [1, -0.5, 1e21, null, true, {}],
      nested: { b: [], aa: '' },
    };
    const append = anAppend({
      events: [noted(1, data), noted(2), { ...noted(3), type: 'Struck', typeVersion: 2 }],
    });
    expect(await store.append(append)).toEqual({ outcome: 'appended', version: 3 });
    const events = await store.readStream(append.org, append.stream, 0, 10);
    expect(events.map(({ id: _, ...event }) => event)).toEqual(
      append.events.map((event, index) => ({
        ...event,
        org: append.org,
        stream: append.stream,
        version: index + 1,
        meta: { ...append.meta, command: append.command },
        at: append.at,
      })),
    );
    expect(events.every(({ id }) => isUuid(id))).toBe(true);
    expect(new Set(events.map(({ id }) => id)).size).toBe(3);
  }),

  check('gives back the folded state, its schema and the version of the last append', async ({ store }) => {
    const first = anAppend({ schema: 1, state: { notes: [1], gone: true } });
    expect(await store.load(first.org, first.stream)).toEqual({ version: 0, schema: 0, state: null });
    await store.append(first);
    expect(await store.load(first.org, first.stream)).toEqual({ version: 1, schema: 1, state: first.state });
    const second = { ...first, command: newCommandId(), expected: 1, schema: 2, state: { notes: [1, 2] } };
    await store.append(second);
    expect(await store.load(first.org, first.stream)).toEqual({
      version: 2,
      schema: 2,
      state: { notes: [1, 2] },
    });
  }),

  check('changes nothing when the expected version is not the actual one', async (harness) => {
    const { store } = harness;
    const first = anAppend();
    await store.append(first);
    for (const expected of [0, 2, 5]) {
      const wrong = anAppend({ org: first.org, expected, state: { notes: 99 }, events: [noted(99)] });
      expect(await store.append(wrong)).toEqual({ outcome: 'conflict', actual: 1 });
    }
    expect(await store.append(anAppend({ org: first.org, stream: 'none', expected: 3 }))).toEqual({
      outcome: 'conflict',
      actual: 0,
    });
    expect(await versionsOf(harness, first.org)).toEqual([1]);
    expect(await store.load(first.org, 'none')).toEqual({ version: 0, schema: 0, state: null });
    expect((await store.load(first.org, first.stream)).state).toEqual(first.state);
  }),

  check('lets exactly one of many appends with the same expected version win, each time', async (harness) => {
    const org = newOrgId();
    for (const expected of [0, 1, 2]) {
      const rivals = upTo(16).map((n) => anAppend({ org, expected, state: { n }, events: [noted(n)] }));
      const outcomes = await Promise.all(rivals.map((rival) => harness.store.append(rival)));
      expect(outcomes.filter(({ outcome }) => outcome === 'appended')).toHaveLength(1);
      expect(outcomes.filter(({ outcome }) => outcome === 'conflict')).toHaveLength(15);
      const winner = rivals[outcomes.findIndex(({ outcome }) => outcome === 'appended')]!;
      expect((await harness.store.load(org, 'note-1')).state).toEqual(winner.state);
    }
    expect(await versionsOf(harness, org)).toEqual([1, 2, 3]);
  }),

  check('keeps organizations apart, even where their streams have one name', async (harness) => {
    const { store } = harness;
    const [mine, theirs] = [newOrgId(), newOrgId()];
    await appendAll(harness, inOneStream(mine, 'note-1', 2));
    expect(await store.load(theirs, 'note-1')).toEqual({ version: 0, schema: 0, state: null });
    expect(await store.readStream(theirs, 'note-1', 0, 10)).toEqual([]);
    await appendAll(harness, inOneStream(theirs, 'note-1', 1));
    expect(await versionsOf(harness, theirs)).toEqual([1]);
    expect(await versionsOf(harness, mine)).toEqual([1, 2]);
    await harness.sequence();
    const all = await logAfter(harness, 0);
    expect(all.filter(({ org }) => org === theirs).map(({ version }) => version)).toEqual([1]);
    expect(all.filter(({ org }) => org === mine).map(({ version }) => version)).toEqual([1, 2]);
  }),

  check('does a command once, however often it is sent', async (harness) => {
    const { store } = harness;
    const append = anAppend({ events: [noted(1), noted(2)], fingerprint: 'first' });
    const outcomes = await Promise.all(upTo(32).map(() => store.append(append)));
    expect(outcomes.filter(({ outcome }) => outcome === 'appended')).toEqual([
      { outcome: 'appended', version: 2 },
    ]);
    const repeated = { outcome: 'repeated', version: 2, fingerprint: 'first' };
    expect(outcomes.filter(({ outcome }) => outcome === 'repeated')).toEqual(Array(31).fill(repeated));
    expect(await versionsOf(harness, append.org)).toEqual([1, 2]);
    expect(await store.load(append.org, append.stream, append.command)).toEqual({
      version: 2,
      schema: 1,
      state: append.state,
      repeated: { version: 2, fingerprint: 'first' },
    });
  }),

  check(
    'recognizes a command whatever comes with it: another version, stream or fingerprint',
    async (harness) => {
      const { store } = harness;
      const first = anAppend({ fingerprint: 'first' });
      await store.append(first);
      await appendAll(harness, [anAppend({ org: first.org, expected: 1 })]);
      for (const other of [{ expected: 2 }, { stream: 'note-2' }, { fingerprint: 'second' }]) {
        const again = { ...first, state: { notes: 99 }, ...other };
        expect(await store.append(again)).toEqual({ outcome: 'repeated', version: 1, fingerprint: 'first' });
      }
      expect(await versionsOf(harness, first.org)).toEqual([1, 2]);
      expect(await store.load(first.org, 'note-2')).toEqual({ version: 0, schema: 0, state: null });
      const elsewhere = await store.load(first.org, 'note-2', first.command);
      expect(elsewhere).toEqual({
        version: 0,
        schema: 0,
        state: null,
        repeated: { version: 1, fingerprint: 'first' },
      });
    },
  ),

  check('lets two organizations use one command id', async ({ store }) => {
    const mine = anAppend();
    const theirs = { ...mine, org: newOrgId() };
    expect(await store.append(mine)).toEqual({ outcome: 'appended', version: 1 });
    expect(await store.load(theirs.org, 'note-1', mine.command)).toEqual({
      version: 0,
      schema: 0,
      state: null,
    });
    expect(await store.append(theirs)).toEqual({ outcome: 'appended', version: 1 });
  }),

  check('has on disk what it has acknowledged', async (harness) => {
    const append = anAppend({ events: [noted(1), noted(2)] });
    expect(await harness.store.append(append)).toEqual({ outcome: 'appended', version: 2 });
    await harness.crash();
    expect(await versionsOf(harness, append.org)).toEqual([1, 2]);
    expect((await harness.store.load(append.org, append.stream)).state).toEqual(append.state);
    expect((await harness.store.append(append)).outcome).toBe('repeated');
  }),

  check('never changes what a reader has read, through a crash too', async (harness) => {
    const org = newOrgId();
    const start = await endOfLog(harness);
    await appendAll(harness, inOneStream(org, 'note-1', 3));
    await harness.sequence();
    const before = await logAfter(harness, start);
    await harness.crash();
    await appendAll(harness, inOneStream(org, 'note-0', 3));
    await harness.sequence();
    const after = await logAfter(harness, start);
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after.map(({ stream, version }) => [stream, version])).toEqual([
      ...upTo(3).map((version) => ['note-1', version]),
      ...upTo(3).map((version) => ['note-0', version]),
    ]);
  }),

  check('shows every event in the log once, positions dense, each stream in order', async (harness) => {
    const start = await endOfLog(harness);
    const orgs = upTo(4).map(() => newOrgId());
    const streams = orgs.flatMap((org) => ['a', 'b', 'c'].map((stream) => ({ org, stream })));
    const write = ({ org, stream }: { org: string; stream: string }) =>
      appendAll(harness, [
        anAppend({ org, stream, events: [noted(1), noted(2), noted(3)] }),
        anAppend({ org, stream, expected: 3, events: [noted(4)] }),
      ]);
    for (const half of [streams.slice(0, 6), streams.slice(6)]) {
      await Promise.all(half.map(write));
      await harness.sequence();
    }
    const events = await logAfter(harness, start);
    expect(events.map(({ position }) => position)).toEqual(upTo(48).map((n) => start + n));
    expect(await harness.reader.head()).toBe(start + 48);
    for (const { org, stream } of streams) {
      const seen = events.filter((event) => event.org === org && event.stream === stream);
      expect(seen.map(({ version, data }) => [version, data])).toEqual(upTo(4).map((n) => [n, { n }]));
      const asStream = await harness.store.readStream(org, stream, 0, 10);
      expect(seen.map(({ position: _, ...event }) => event)).toEqual(asStream);
    }
  }),

  check('reads a stream by pages', async (harness) => {
    const org = newOrgId();
    await appendAll(harness, [anAppend({ org, events: upTo(5).map((n) => noted(n)) })]);
    const page = async (after: number, limit: number) =>
      (await harness.store.readStream(org, 'note-1', after, limit)).map(({ version }) => version);
    expect(await page(0, 2)).toEqual([1, 2]);
    expect(await page(2, 2)).toEqual([3, 4]);
    expect(await page(4, 2)).toEqual([5]);
    expect(await page(5, 2)).toEqual([]);
  }),

  check('refuses what can never be stored and spares what is written with it', async (harness) => {
    const large = 'x'.repeat(1024 * 1024);
    const [good, bad] = [upTo(8).map(() => anAppend()), [] as [string, ReturnType<typeof anAppend>][]];
    for (const data of ['\0', '\ud800', 'x\\\0'])
      bad.push(['INVALID_INPUT', anAppend({ events: [noted(1, { data })] })]);
    bad.push(['INVALID_INPUT', anAppend({ events: [] })], ['INVALID_INPUT', anAppend({ stream: '' })]);
    bad.push(['INVALID_INPUT', anAppend({ state: [] })], ['INVALID_INPUT', anAppend({ command: 'no' })]);
    bad.push(
      ['TOO_LARGE', anAppend({ events: [noted(1, { large })] })],
      ['TOO_LARGE', anAppend({ state: { large } })],
    );
    const outcomes = good.map((append) => harness.store.append(append));
    for (const [code, append] of bad)
      await expect(harness.store.append(append)).rejects.toMatchObject({ code });
    for (const outcome of outcomes) expect(await outcome).toEqual({ outcome: 'appended', version: 1 });
    for (const [, { org, stream }] of bad) expect((await harness.store.load(org, stream)).version).toBe(0);
  }),

  check('takes events up to 1 MiB and gives them back in pages', async (harness) => {
    const start = await endOfLog(harness);
    const text = 'x'.repeat(1024 * 1024 - 20);
    const org = newOrgId();
    for (let expected = 0; expected < 12; expected += 4) {
      const events = upTo(4).map((n) => noted(n, { text }));
      expect((await harness.store.append(anAppend({ org, expected, events }))).outcome).toBe('appended');
    }
    await harness.sequence();
    const events = await logAfter(harness, start);
    expect(events.map(({ position }) => position)).toEqual(upTo(12).map((n) => start + n));
    expect(events.map(({ data }) => data)).toEqual(upTo(12).map((n) => ({ n: ((n - 1) % 4) + 1, text })));
  }),
];
