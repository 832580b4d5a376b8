import { beforeEach, describe, expect, it } from '@jest/globals';
import { fingerprintOf, newCommandId } from '@tidemark/contracts';
import { tallyDecider, type Tally, type TallyCommand } from '../test/tally.js';
import type { Decider } from './decider.js';
import type { Append, EventStore } from './event-store.js';
import { handleCommand, type CommandContext } from './handle-command.js';
import { MemoryEventStore } from './memory/memory-event-store.js';

let store: MemoryEventStore;
beforeEach(() => {
  store = new MemoryEventStore();
});

const context = (command: TallyCommand, more: Partial<CommandContext<TallyCommand>> = {}) => ({
  org: 'org_a',
  stream: 'tally-1',
  command,
  commandId: newCommandId(),
  fingerprint: fingerprintOf(command),
  meta: { account: 'acct_1', requestId: 'req-1' },
  at: '2026-01-02T03:04:05.678Z',
  ...more,
});
const add = (...amounts: number[]): TallyCommand => ({ kind: 'add', amounts });
const handle = (
  command: TallyCommand,
  more?: Partial<CommandContext<TallyCommand>>,
  from: EventStore = store,
) => handleCommand(from, tallyDecider, context(command, more));
const events = async () =>
  (await store.readStream('org_a', 'tally-1', 0, 100)).map(({ type, data }) => ({ type, data }));

/** Before each append somebody else appends first, `times` times. */
function withRivals(times: number): EventStore & { appends: Append[] } {
  const appends: Append[] = [];
  return {
    appends,
    load: (...of) => store.load(...of),
    readStream: (...of) => store.readStream(...of),
    append: async (append) => {
      if (appends.push(append) <= times) await handle(add(100));
      return store.append(append);
    },
  };
}

describe('handleCommand', () => {
  it('appends what the decider says, with the state that follows from it', async () => {
    const handled = await handle(add(1, 2));
    expect(handled).toEqual({
      version: 2,
      state: { status: 'open', sum: 3, lastAt: '2026-01-02T03:04:05.678Z' },
      repeated: false,
    });
    expect((await store.load('org_a', 'tally-1')).state).toEqual(handled.state);
    expect(await events()).toEqual([
      { type: 'Added', data: { amount: 1 } },
      { type: 'Added', data: { amount: 2 } },
    ]);
  });

  it('decides on the state of all events before', async () => {
    await handle(add(1));
    await handle({ kind: 'close' });
    await expect(handle(add(2))).rejects.toMatchObject({
      code: 'CONFLICT',
      message: 'This tally is closed.',
    });
    expect((await events()).map(({ type }) => type)).toEqual(['Added', 'Closed']);
  });

  it('appends nothing when nothing happens', async () => {
    await handle({ kind: 'close' });
    const { append } = store;
    store.append = () => Promise.reject(new Error('appended nothing'));
    expect(await handle({ kind: 'close' })).toMatchObject({
      version: 1,
      repeated: false,
      state: { status: 'closed' },
    });
    store.append = append;
  });

  it('does a repeated command once and answers with the stream as it stands now', async () => {
    const commandId = newCommandId();
    await handle(add(1), { commandId });
    await handle(add(10));
    const again = await handle(add(1), { commandId });
    expect(again).toMatchObject({ version: 2, state: { sum: 11 }, repeated: true });
  });

  it('answers a repeat even where its decision could not be made again', async () => {
    const commandId = newCommandId();
    await handle(add(1), { commandId });
    await handle({ kind: 'close' });
    expect(await handle(add(1), { commandId })).toMatchObject({
      repeated: true,
      state: { status: 'closed' },
    });
  });

  it('does one of 32 simultaneous repeats', async () => {
    const commandId = newCommandId();
    const all = await Promise.all(Array.from({ length: 32 }, () => handle(add(1), { commandId })));
    expect(await events()).toHaveLength(1);
    expect(all.filter(({ repeated }) => !repeated)).toHaveLength(1);
    expect(all.every(({ state }) => state.sum === 1)).toBe(true);
  });

  it('refuses a command id that was used for something else, found on loading or on appending', async () => {
    const commandId = newCommandId();
    const reused = { code: 'IDEMPOTENCY_KEY_REUSED' };
    const both = await Promise.allSettled([handle(add(1), { commandId }), handle(add(2), { commandId })]);
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: reused });
    await expect(handle(add(3), { commandId })).rejects.toMatchObject(reused);
    expect(await events()).toHaveLength(1);
  });

  it('decides again after losing a race, on what the winner left', async () => {
    const rivals = withRivals(3);
    expect(await handle(add(1), {}, rivals)).toMatchObject({ version: 4, state: { sum: 301 } });
    expect(rivals.appends.map(({ expected }) => expected)).toEqual([0, 1, 2, 3]);
  });

  it('refuses after losing a race when the winner leaves nothing to do', async () => {
    const closing: EventStore = {
      load: (...of) => store.load(...of),
      readStream: (...of) => store.readStream(...of),
      append: async (append) => {
        await handle({ kind: 'close' });
        return store.append(append);
      },
    };
    await expect(handle(add(1), {}, closing)).rejects.toMatchObject({ message: 'This tally is closed.' });
    expect((await events()).map(({ type }) => type)).toEqual(['Closed']);
  });

  it('gives up as CONFLICT after ten lost races', async () => {
    const rivals = withRivals(Infinity);
    await expect(handle(add(1), {}, rivals)).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(rivals.appends).toHaveLength(10);
    expect((await store.load('org_a', 'tally-1')).state).toMatchObject({ sum: 1000 });
  });

  it('refuses at once when the caller has seen another version, in the words the caller wants', async () => {
    await handle(add(1));
    await handle(add(1), { expected: 1 });
    const rivals = withRivals(1);
    await expect(handle(add(1), { expected: 1 })).rejects.toMatchObject({ code: 'CONFLICT' });
    const history = handle(add(1), { expected: 2, conflict: 'HISTORY_CONFLICT' }, rivals);
    await expect(history).rejects.toMatchObject({
      code: 'HISTORY_CONFLICT',
      message: 'Remote history conflict. Please pull latest changes and try again',
    });
    expect(rivals.appends).toHaveLength(1);
  });
});

describe('a state folded by another version of the decider', () => {
  /** Counts events instead of adding them up. */
  const counting: Decider<TallyCommand, Tally> = {
    ...tallyDecider,
    schema: 2,
    evolve: (tally) => ({ ...tally, sum: tally.sum + 1 }),
  };

  it('is replayed from its events, page by page, and stored with the next append', async () => {
    const many = Array.from({ length: 900 }, () => 5);
    await handle(add(...many));
    await handle(add(...many));
    const pages: number[] = [];
    const watched: EventStore = {
      append: (append) => store.append(append),
      load: (...of) => store.load(...of),
      readStream: async (org, stream, after, limit) => {
        pages.push(after);
        return store.readStream(org, stream, after, limit);
      },
    };
    const handled = await handleCommand(watched, counting, context(add(5)));
    expect(handled.state.sum).toBe(1801);
    expect(pages).toEqual([0, 500, 1000, 1500]);
    expect(await store.load('org_a', 'tally-1')).toMatchObject({
      version: 1801,
      schema: 2,
      state: { sum: 1801 },
    });
    pages.length = 0;
    expect((await handleCommand(watched, counting, context(add(5)))).state.sum).toBe(1802);
    expect(pages).toEqual([]);
  });

  it('is not the events that came after it was loaded', async () => {
    await handle(add(5, 5));
    const late: EventStore = {
      append: (append) => store.append(append),
      load: (...of) => store.load(...of),
      readStream: async (...of) => {
        if ((await store.load('org_a', 'tally-1')).version === 2) await handle(add(5));
        return store.readStream(...of);
      },
    };
    expect((await handleCommand(late, counting, context(add(5)))).state.sum).toBe(4);
  });

  it('is INTEGRITY when events are missing', async () => {
    await handle(add(5, 5));
    const holey: EventStore = {
      append: (append) => store.append(append),
      load: (...of) => store.load(...of),
      readStream: async (org, stream, after) => (after === 0 ? store.readStream(org, stream, 0, 1) : []),
    };
    await expect(handleCommand(holey, counting, context(add(5)))).rejects.toMatchObject({
      code: 'INTEGRITY',
    });
  });
});
