import { DomainError, unavailable, type RecordedEvent } from '@tidemark/contracts';
import { silentLogger, type Tx } from '@tidemark/runtime';
import { delivery, event, ORG_A, ORG_B } from '../../test/events/builders.js';
import type { Delivery, UnreadableDelivery } from '../events/delivery.js';
import type { EventHandler } from './handler.js';
import { Inbox, type InboxOptions } from './inbox.js';
import { MemoryInboxStore } from './memory-inbox-store.js';

const { signal } = new AbortController();
const e = (stream: string, version: number, org = ORG_A) => delivery(org, stream, version);
const nameOf = ({ stream, version }: RecordedEvent) => `${stream}${version}`;

function consumer(hear: EventHandler, more: Partial<InboxOptions> = {}) {
  const store = new MemoryInboxStore();
  const pauses: number[] = [];
  const inbox = new Inbox({
    source: 'test',
    store,
    hear,
    logger: silentLogger,
    pause: async (ms) => void pauses.push(ms),
    ...more,
  });
  return { store, pauses, inbox, deliver: (...batch: Delivery[]) => inbox.deliver(batch, signal) };
}

/** Hears into a list; `fails` decides per event, and a failing call leaves nothing behind. */
function listening(fails: (name: string) => Error | undefined = () => undefined) {
  const heard: string[] = [];
  const calls: string[][] = [];
  const hear: EventHandler = async (events) => {
    const names = events.map(nameOf);
    calls.push(names);
    for (const name of names) {
      const error = fails(name);
      if (error) throw error;
    }
    heard.push(...names);
  };
  return { heard, calls, hear };
}

describe('a batch that goes well', () => {
  it('calls the handler once per organization, with its events in their order', async () => {
    const { calls, hear } = listening();
    await consumer(hear).deliver(e('s', 1), e('b', 1, ORG_B), e('t', 1), e('s', 2));
    expect(calls).toEqual([['s1', 't1', 's2'], ['b1']]);
  });

  it('counts as progress; repeats do not, and do not reach the handler', async () => {
    const { calls, hear } = listening();
    const { deliver, inbox } = consumer(hear);
    await deliver(e('s', 1));
    expect(inbox.progress).toBe(1);
    await deliver(e('s', 1));
    expect(inbox.progress).toBe(1);
    expect(calls).toHaveLength(1);
  });

  it('writes down what nobody can read', async () => {
    const { deliver, store } = consumer(listening().hear);
    const unreadable: UnreadableDelivery = {
      kind: 'unreadable',
      partition: 1,
      offset: '7',
      sha256: 'ab',
      reason: 'x',
    };
    await deliver(unreadable, e('s', 1));
    expect(store.unreadable).toEqual([{ ...unreadable, source: 'test' }]);
  });
});

describe('an event that fails', () => {
  it('is tried 5 times more with growing pauses, then parked with its reason', async () => {
    const { calls, hear } = listening((name) => (name === 's1' ? new TypeError('no such thing') : undefined));
    const { deliver, pauses, store } = consumer(hear);
    await deliver(e('s', 1));
    expect(calls).toHaveLength(2 + 5);
    expect(pauses).toEqual([250, 1_000, 3_000, 8_000, 15_000]);
    await store.inOrg('test', ORG_A, async (inbox) => {
      expect(await inbox.parkedAbove('s', 0, 9)).toMatchObject([
        { version: 1, reason: 'TypeError: no such thing' },
      ]);
    });
  });

  it('holds up its own stream and no other, in the batch and afterwards', async () => {
    const { heard, hear } = listening((name) => (name === 's2' ? new Error('poison') : undefined));
    const { deliver, store } = consumer(hear);
    await deliver(e('s', 1), e('s', 2), e('t', 1), e('s', 3), e('b', 1, ORG_B));
    await deliver(e('s', 4), e('t', 2));
    expect(heard).toEqual(['s1', 't1', 'b1', 't2']);
    expect(await store.parkedStreams(9)).toEqual([{ source: 'test', org: ORG_A, stream: 's', messages: 3 }]);
  });

  it('is heard in its place when it recovers, and tried anew with the next one', async () => {
    const left = new Map([
      ['s1', 4],
      ['s2', 4],
    ]);
    const { heard, hear } = listening((name) => {
      const times = left.get(name) ?? 0;
      left.set(name, times - 1);
      return times > 0 ? new Error('not yet') : undefined;
    });
    await consumer(hear).deliver(e('s', 1), e('s', 2), e('s', 3));
    expect(heard).toEqual(['s1', 's2', 's3']);
  });

  it('shares its pauses with others that fail', async () => {
    const { hear } = listening(() => new Error('all'));
    const { deliver, pauses } = consumer(hear);
    await deliver(...Array.from({ length: 20 }, (_, index) => e(`s${index}-`, 1)));
    expect(pauses).toHaveLength(5);
  });

  it('is not tried again after the time for it is over', async () => {
    const { calls, hear } = listening(() => new Error('slow'));
    await consumer(hear, { retries: { withinMs: 0 } }).deliver(e('s', 1));
    expect(calls).toHaveLength(2);
  });

  it('is parked without trying when the catalogue does not know it', async () => {
    const { calls, hear } = listening();
    const { deliver, store } = consumer(hear);
    await deliver(
      delivery(ORG_A, 's', 1, { type: 'NeverHeardOf' }),
      delivery(ORG_A, 't', 1, { typeVersion: 99 }),
    );
    await deliver(delivery(ORG_A, 'u', 1, { data: { name: 5 } }));
    expect(calls).toEqual([]);
    expect(await store.parkedMessages()).toBe(3);
  });
});

describe('a failure that lies outside the event', () => {
  it.each([
    ['no database', unavailable('The database cannot be used right now.')],
    ['a commit without reply', new DomainError('TIMEOUT', 'Not confirmed. It is safe to try again.')],
  ])('%s: nothing is parked, the batch comes again', async (_, failure) => {
    let away = true;
    const { heard, hear } = listening(() => (away ? failure : undefined));
    const { deliver, store, pauses } = consumer(hear);
    await expect(deliver(e('s', 1))).rejects.toBe(failure);
    expect(pauses).toEqual([]);
    expect(await store.parkedMessages()).toBe(0);
    away = false;
    await deliver(e('s', 1));
    expect(heard).toEqual(['s1']);
  });

  it('a transaction that its handler left idle is the handler’s fault', async () => {
    const idle = Object.assign(new Error('terminating connection'), { code: '25P03' });
    const { hear } = listening(() => unavailable('The database cannot be used right now.', idle));
    const { deliver, store } = consumer(hear);
    await deliver(e('s', 1));
    expect(await store.parkedMessages()).toBe(1);
  });

  it('a stop during a pause gives the batch back', async () => {
    const stopping = new AbortController();
    const { hear } = listening(() => new Error('poison'));
    const store = new MemoryInboxStore();
    const inbox = new Inbox({ source: 'test', store, hear, logger: silentLogger });
    const delivered = inbox.deliver([e('s', 1)], stopping.signal);
    stopping.abort();
    await expect(delivered).rejects.toThrow('abort');
    expect(await store.parkedMessages()).toBe(0);
  });
});

describe('a handler that does not end', () => {
  it('has failed after its time, and its transaction is closed to it', async () => {
    const hung = Promise.withResolvers<void>();
    let kept: Tx | undefined;
    const { deliver, store } = consumer(
      (_, tx) => {
        kept = tx;
        return hung.promise;
      },
      { retries: { handlerMs: 5, pausesMs: [] } },
    );
    await deliver(e('s', 1));
    expect(await store.parkedMessages()).toBe(1);
    await expect(kept!.query('select 1')).rejects.toThrow('has ended');
    hung.resolve();
  });
});

describe('replay', () => {
  it('hears what is parked in its order once the cause is mended, and opens the stream', async () => {
    let broken = true;
    const { heard, hear } = listening((name) => (broken && name === 's2' ? new Error('bug') : undefined));
    const { deliver, inbox, store } = consumer(hear);
    await deliver(e('s', 1), e('s', 2), e('s', 3));
    await deliver(e('s', 4));
    broken = false;
    expect(await inbox.replay(ORG_A, 's')).toEqual({ heard: 3 });
    await deliver(e('s', 5));
    expect(heard).toEqual(['s1', 's2', 's3', 's4', 's5']);
    expect(await store.parkedMessages()).toBe(0);
  });

  it('ends where it fails again and keeps the rest', async () => {
    const { hear } = listening((name) => (name === 's1' ? new Error('bug') : undefined));
    const { deliver, inbox, store } = consumer(hear);
    await deliver(e('s', 1), e('s', 2));
    expect(await inbox.replay(ORG_A, 's')).toEqual({ heard: 0, stoppedBy: 'Error: bug' });
    expect(await store.parkedMessages()).toBe(2);
  });

  it('takes the message that can be heard of several that claim one version', async () => {
    const { heard, hear } = listening();
    const { deliver, inbox, store } = consumer(hear);
    await deliver(delivery(ORG_A, 's', 1, { type: 'NeverHeardOf' }), e('s', 1), e('s', 2));
    expect(await inbox.replay(ORG_A, 's')).toEqual({ heard: 2 });
    expect(heard).toEqual(['s1', 's2']);
    expect(await store.parkedMessages()).toBe(0);
  });

  it('happens by itself when what was missing comes', async () => {
    const { heard, hear } = listening();
    const { deliver, store } = consumer(hear);
    await deliver(e('s', 1), e('s', 4), e('s', 5));
    await deliver(e('s', 2), e('s', 3));
    expect(heard).toEqual(['s1', 's2', 's3', 's4', 's5']);
    expect(await store.parkedMessages()).toBe(0);
  });

  it('says so when something is still missing', async () => {
    const { deliver, inbox } = consumer(listening().hear);
    await deliver(e('s', 2));
    expect(await inbox.replay(ORG_A, 's')).toEqual({ heard: 0, stoppedBy: 'version 1 has not come' });
    expect(await inbox.replay(ORG_A, 'never')).toEqual({ heard: 0 });
  });

  it('keeps an event as it was, fields that nobody knows included', async () => {
    let broken = true;
    const seen: RecordedEvent[] = [];
    const { deliver, inbox } = consumer(
      async (events) => {
        if (broken) throw new Error('bug');
        seen.push(...events);
      },
      { retries: { pausesMs: [] } },
    );
    const odd = { data: { name: 'x', later: { deep: ['é'] } } };
    await deliver(delivery(ORG_A, 's', 1, odd));
    broken = false;
    await inbox.replay(ORG_A, 's');
    expect(seen).toEqual([event(ORG_A, 's', 1, odd)]);
  });
});
