import type { LogEvent } from '@tidemark/contracts';
import { MemoryHints, silentLogger } from '@tidemark/runtime';
import { event, ORG_A, positioned, stream } from '../../test/events/builders.js';
import { until } from '../../test/events/until.js';
import { inBatches } from './batches.js';
import type { EventProducer } from './producer.js';
import { Publisher, type PublisherOptions } from './publisher.js';
import { MemoryRelayState } from './relay-state.js';

const events = positioned([...stream(ORG_A, 'alpha', 9), ...stream(ORG_A, 'beta', 9)]);

/** A topic of one partition; `before` and `after` may fail a send. */
function topicWith(faults: { before?: () => void; after?: (sent: number) => void } = {}) {
  const messages: LogEvent[] = [];
  let producers = 0;
  let spent = 0;
  const connect = async (): Promise<EventProducer> => {
    producers += 1;
    let usable = true;
    return {
      async send(batch) {
        if (!usable) spent += 1;
        usable = false;
        faults.before?.();
        messages.push(...batch);
        faults.after?.(messages.length);
        usable = true;
      },
      close: async () => undefined,
    };
  };
  return { messages, connect, seen: () => ({ producers, spent }) };
}

function publisher(connect: PublisherOptions['connect'], state = new MemoryRelayState(), log = events) {
  const stopping = new AbortController();
  const hints = new MemoryHints(silentLogger);
  const relay = new Publisher({
    ...{
      topic: 'orgs.events',
      connect,
      state,
      hints,
      hint: 'log:orgs',
      logger: silentLogger,
      batchSize: 4,
      pollMs: 5,
    },
    log: { read: async (after, limit) => log.slice(after, after + limit), head: async () => log.length },
  });
  const running = relay.run(stopping.signal);
  return {
    relay,
    state,
    hints,
    caughtUp: () => until(async () => (await state.load('orgs.events')) === log.length),
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

const positions = (messages: readonly LogEvent[]) => messages.map(({ position }) => position);
const firstSeen = (messages: readonly LogEvent[]) => [...new Set(positions(messages))];

describe('publishing a log', () => {
  it('sends every event once and in order when nothing goes wrong', async () => {
    const topic = topicWith();
    const one = publisher(topic.connect);
    await one.caughtUp();
    await one.stop();
    expect(positions(topic.messages)).toEqual(positions(events));
    expect(topic.seen()).toEqual({ producers: 1, spent: 0 });
  });

  it('goes on behind its checkpoint', async () => {
    const topic = topicWith();
    const state = new MemoryRelayState();
    await state.save('orgs.events', 7);
    const one = publisher(topic.connect, state);
    await one.caughtUp();
    await one.stop();
    expect(positions(topic.messages)).toEqual(positions(events.slice(7)));
  });

  it('sends again, by a new producer, what may or may not have arrived', async () => {
    let lost = 0;
    const after = (sent: number) => {
      if (sent >= 8 && lost++ === 0) throw new Error('the acknowledgement is lost');
    };
    const topic = topicWith({ after });
    const one = publisher(topic.connect);
    await one.caughtUp();
    await one.stop();
    expect(firstSeen(topic.messages)).toEqual(positions(events));
    expect(positions(topic.messages).slice(4, 12)).toEqual([5, 6, 7, 8, 5, 6, 7, 8]);
    expect(topic.seen()).toEqual({ producers: 2, spent: 0 });
  });

  it('passes over nothing that was refused', async () => {
    let refusals = 2;
    const before = () => {
      if (refusals-- > 0) throw new Error('no leader');
    };
    const topic = topicWith({ before });
    const one = publisher(topic.connect);
    await one.caughtUp();
    await one.stop();
    expect(positions(topic.messages)).toEqual(positions(events));
  });

  it('saves its checkpoint after the acknowledgement, never before', async () => {
    const state = new MemoryRelayState();
    let saved = -1;
    const before = async () => undefined;
    const connect = async (): Promise<EventProducer> => ({
      async send() {
        await before();
        saved = await state.load('orgs.events');
        throw new Error('never');
      },
      close: async () => undefined,
    });
    const one = publisher(connect, state);
    await until(async () => saved >= 0);
    await one.stop();
    expect([saved, await state.load('orgs.events')]).toEqual([0, 0]);
  });

  it('keeps first appearances in order when two run at a time', async () => {
    const topic = topicWith();
    const state = new MemoryRelayState();
    const [one, other] = [publisher(topic.connect, state), publisher(topic.connect, state)];
    await one.caughtUp();
    await one.stop();
    await other.stop();
    expect(firstSeen(topic.messages)).toEqual(positions(events));
  });

  it('knows the age of what it could not send yet', async () => {
    const old = positioned([event(ORG_A, 'alpha', 1, { at: new Date(Date.now() - 60_000).toISOString() })]);
    let away = true;
    const { connect } = topicWith();
    const one = publisher(() => (away ? Promise.reject(new Error('no broker')) : connect()), undefined, old);
    await until(async () => one.relay.lagSeconds >= 60);
    away = false;
    await one.caughtUp();
    await until(async () => one.relay.lagSeconds === 0);
    await one.stop();
  });

  it('looks at once when it is told that there is more', async () => {
    const topic = topicWith();
    const log = events.slice(0, 3);
    const one = publisher(topic.connect, undefined, log);
    await one.caughtUp();
    log.push(events[3]!);
    one.hints.publish('log:orgs', '4');
    await one.caughtUp();
    await one.stop();
    expect(positions(topic.messages)).toEqual([1, 2, 3, 4]);
  });
});

describe('batches', () => {
  const sized = (size: number) => event(ORG_A, 's', 1, { data: { name: 'x'.repeat(size) } });

  it('end before they get too large, and a large event travels alone', () => {
    const batches = [...inBatches([sized(10), sized(10), sized(9_000), sized(10)], 3_000)];
    expect(batches.map((batch) => batch.length)).toEqual([2, 1, 1]);
  });

  it('hold everything, in order', () => {
    expect([...inBatches(events, 1)].flat()).toEqual(events);
    expect([...inBatches([])]).toEqual([]);
  });
});
