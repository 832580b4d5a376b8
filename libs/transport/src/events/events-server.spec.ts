import { Controller, type INestMicroservice, Module, type Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { RecordedEvent } from '@tidemark/contracts';
import { silentLogger, type Tx } from '@tidemark/runtime';
import { delivery, ORG_A } from '../../test/events/builders.js';
import { until } from '../../test/events/until.js';
import { MemoryInboxStore } from '../inbox/memory-inbox-store.js';
import type { Delivery } from './delivery.js';
import type { EventSource, Listener } from './event-source.js';
import { EventsServer, type EventsServerOptions } from './events-server.js';
import { Hears } from './hears.decorator.js';

/** Delivers what it is told to. */
class HandSource implements EventSource {
  listener: Listener | undefined;
  lag = 0;
  stopped = false;

  async start(listener: Listener) {
    this.listener = listener;
  }

  async stop() {
    this.stopped = true;
  }

  async state() {
    return { lag: this.lag, mark: '', joining: false };
  }

  deliver(...batch: Delivery[]) {
    return this.listener!.deliver(batch, new AbortController().signal);
  }
}

const calls: { events: readonly RecordedEvent[]; tx: Tx }[] = [];
let failure: Error | undefined;

@Controller()
class Hearer {
  private readonly own = 'mine';

  @Hears('audit', 'orgs.events')
  async hear(events: readonly RecordedEvent[], tx: Tx): Promise<void> {
    if (failure) throw failure;
    if (this.own === 'mine') calls.push({ events, tx });
  }

  @Hears('branches', 'orgs.events')
  async hearForSomebodyElse(): Promise<void> {
    throw new Error('not for this consumer');
  }
}

@Controller()
class Second {
  @Hears('audit', 'orgs.events')
  async hear(): Promise<void> {}
}

const source = new HandSource();
const store = new MemoryInboxStore();
const stalled: string[] = [];
let apps: INestMicroservice[] = [];

async function listening(controllers: Type[], more: Partial<EventsServerOptions> = {}) {
  @Module({ controllers })
  class App {}
  const server = new EventsServer({
    consumer: 'audit',
    sources: { 'orgs.events': source },
    store,
    logger: silentLogger,
    onStalled: (reason) => stalled.push(reason),
    retries: { pausesMs: [] },
    ...more,
  });
  const testing = await Test.createTestingModule({ imports: [App] }).compile();
  const app = testing.createNestMicroservice({ strategy: server, logger: false });
  apps.push(app);
  await app.listen();
  return { app, server };
}

beforeEach(() => {
  failure = undefined;
  calls.length = 0;
});

afterEach(async () => {
  for (const app of apps) await app.close();
  apps = [];
});

describe('a method marked with @Hears', () => {
  it('is called on its controller with the events and the transaction', async () => {
    await listening([Hearer]);
    const event = delivery(ORG_A, 'called', 1);
    await source.deliver(event);
    expect(calls).toEqual([{ events: [event.event], tx: { query: expect.any(Function) } }]);
  });

  it('fails with its own error, which becomes the reason of what is parked', async () => {
    await listening([Hearer]);
    failure = new TypeError('x is not a function');
    await source.deliver(delivery(ORG_A, 'failing', 1));
    await store.inOrg('orgs.events', ORG_A, async (inbox) => {
      const [parked] = await inbox.parkedAbove('failing', 0, 1);
      expect(parked?.reason).toBe('TypeError: x is not a function');
    });
  });
});

describe('an events server', () => {
  it('does not start with two methods for one source', async () => {
    await expect(listening([Hearer, Second])).rejects.toThrow('Two methods hear audit hears orgs.events.');
  });

  it('does not start without a method for a source, or without a source for a method', async () => {
    await expect(listening([])).rejects.toThrow('No method of audit hears orgs.events.');
    await expect(listening([Hearer], { sources: {} })).rejects.toThrow('hears what nothing brings');
  });

  it('stops its sources when the application closes', async () => {
    const { app } = await listening([Hearer]);
    await app.close();
    expect(source.stopped).toBe(true);
  });

  it('is not well, and says so once, when something waits and nothing is heard', async () => {
    const { server } = await listening([Hearer], { stallLimitMs: 50 });
    expect(server.problem).toBeUndefined();
    source.lag = 3;
    await until(async () => stalled.length > 0);
    expect(stalled).toEqual([expect.stringContaining('orgs.events: 3 messages wait')]);
    expect(server.problem).toBe(stalled[0]);
    source.lag = 0;
  });

  it('is not well when a source has ended by itself', async () => {
    const { server } = await listening([Hearer]);
    source.listener!.ended('the consumer has ended');
    expect(server.problem).toBe('the consumer has ended');
  });

  it('hands out the inbox of a source, for replays', async () => {
    const { server } = await listening([Hearer]);
    expect(await server.inbox('orgs.events')!.replay(ORG_A, 'never')).toEqual({ heard: 0 });
    expect(server.inbox('other')).toBeUndefined();
  });
});
