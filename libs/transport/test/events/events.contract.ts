import { deepStrictEqual } from 'node:assert/strict';
import type { LogEvent, RecordedEvent } from '@tidemark/contracts';
import { silentLogger, type Tx } from '@tidemark/runtime';
import { event, ORG_A, ORG_B, stream } from './builders.js';
import { caughtUp, until } from './until.js';
import type { EventHandler } from '../../src/inbox/handler.js';
import { Inbox } from '../../src/inbox/inbox.js';
import type { InboxStore } from '../../src/inbox/inbox-store.js';
import { placeOf, type Delivery } from '../../src/events/delivery.js';
import type { EventSource } from '../../src/events/event-source.js';

/** What a handler of these checks has made of an event, and in whose name. */
export interface Entry {
  readonly tenant: string;
  readonly org: string;
  readonly stream: string;
  readonly version: number;
  readonly data: object;
}

/** A source and the inbox behind it, with a fresh place to publish and to hear. */
export interface EventsPair {
  /** Streams begin with version 1 and have no gaps. */
  publish(events: readonly LogEvent[]): Promise<void>;
  readonly store: InboxStore;
  /** A source of a new process, which begins where the acknowledgements end. `acknowledging` may throw, as if it died there. */
  source(acknowledging: () => void): EventSource;
  /** As if nothing had ever been acknowledged. */
  rewind(): Promise<void>;
  write(entry: Omit<Entry, 'tenant'>, tx: Tx): Promise<void>;
  /** In the order in which they were written. */
  entries(): Promise<readonly Entry[]>;
  close(): Promise<void>;
}

/** Where the process may be interrupted. */
interface Hooks {
  /** In the handler's transaction, after its writes. */
  written?(events: readonly RecordedEvent[]): Promise<void> | void;
  /** Everything is kept, nothing is acknowledged. */
  heard?(): void;
}

interface Check {
  readonly name: string;
  run(pair: EventsPair): Promise<void>;
}

class Died extends Error {}

/** One process: hears until it is stopped, or dies at a hook and keeps nothing from then on. */
class Process {
  readonly delivered: Delivery[] = [];
  readonly inbox: Inbox;
  private readonly source: EventSource;
  private dead = false;

  constructor(
    pair: EventsPair,
    private readonly hooks: Hooks = {},
  ) {
    const hear: EventHandler = async (events, tx) => {
      this.mustLive();
      for (const { org, stream, version, data } of events)
        await pair.write({ org, stream, version, data }, tx);
      await hooks.written?.(events);
    };
    const retries = { pausesMs: [0, 0], handlerMs: 30_000 };
    this.inbox = new Inbox({
      source: 'orgs.events',
      store: this.whileAlive(pair.store),
      hear,
      logger: silentLogger,
      retries,
    });
    this.source = pair.source(() => this.mustLive());
  }

  async start(): Promise<this> {
    await this.source.start({
      deliver: async (batch, signal) => {
        this.mustLive();
        this.delivered.push(...batch);
        await this.inbox.deliver(batch, signal);
        this.hooks.heard?.();
      },
      ended: () => undefined,
    });
    return this;
  }

  readonly die = (): never => {
    this.dead = true;
    throw new Died('killed');
  };

  /** Until it has died and its source has noticed. */
  async end(): Promise<void> {
    await until(async () => this.dead);
    await this.source.stop();
  }

  /** Until everything that was published is acknowledged. */
  async caughtUp(): Promise<void> {
    await caughtUp(this.source);
  }

  stop(): Promise<void> {
    return this.source.stop();
  }

  private whileAlive(store: InboxStore): InboxStore {
    return {
      ...askers(store),
      inOrg: async (source, org, work) => {
        this.mustLive();
        return store.inOrg(source, org, work);
      },
    };
  }

  private mustLive(): void {
    if (this.dead) throw new Died('killed');
  }
}

/** All of a store but its transactions. */
export const askers = (store: InboxStore): Omit<InboxStore, 'inOrg'> => ({
  recordUnreadable: (source, messages) => store.recordUnreadable(source, messages),
  parkedStreams: (limit) => store.parkedStreams(limit),
  parkedMessages: () => store.parkedMessages(),
});

async function hearAll(pair: EventsPair, hooks: Hooks = {}): Promise<Process> {
  const process = await new Process(pair, hooks).start();
  await process.caughtUp();
  await process.stop();
  return process;
}

/** A process that is given the hooks it may die at. */
async function diesOnce(pair: EventsPair, hooksOf: (die: () => never) => Hooks): Promise<void> {
  const hooks: Hooks = {};
  const process = new Process(pair, hooks);
  Object.assign(hooks, hooksOf(process.die));
  await process.start();
  await process.end();
}

const published = [
  ...stream(ORG_A, 'alpha', 7),
  ...stream(ORG_B, 'beta', 5),
  ...stream(ORG_A, 'gamma', 4),
  ...stream(ORG_B, 'alpha', 6),
];

const line = ({ org, stream, version }: Pick<Entry, 'org' | 'stream' | 'version'>) =>
  `${org} ${stream} ${version}`;
const lines = (all: readonly Pick<Entry, 'org' | 'stream' | 'version'>[]) => all.map(line);

/** Each event once, each stream in its order; between streams there is no order. */
async function expectAllOnce(pair: EventsPair, events: readonly LogEvent[] = published): Promise<void> {
  const byStream = (all: string[]) => Object.groupBy(all, (one) => one.replace(/ \d+$/, ''));
  deepStrictEqual({ ...byStream(lines(await pair.entries())) }, { ...byStream(lines(events)) });
}

/** On every source with its inbox. Each begins with nothing published and nothing heard. */
export const eventsContract: readonly Check[] = [
  {
    name: 'hears every event, the last one included',
    async run(pair) {
      await pair.publish(published);
      await hearAll(pair);
      deepStrictEqual(new Set(lines(await pair.entries())), new Set(lines(published)));
    },
  },
  {
    name: 'brings each stream in the order of its versions',
    async run(pair) {
      await pair.publish(published);
      const { delivered } = await hearAll(pair);
      const last = new Map<string, number>();
      for (const one of delivered) {
        if (one.kind === 'unreadable') throw new Error(one.reason);
        const { org, stream, version } = placeOf(one);
        const before = last.get(`${org} ${stream}`) ?? 0;
        if (version > before + 1)
          throw new Error(`${line({ org, stream, version })} came after version ${before}.`);
        last.set(`${org} ${stream}`, Math.max(version, before));
      }
      await expectAllOnce(pair);
    },
  },
  {
    name: 'hears each event in the name of its organization',
    async run(pair) {
      await pair.publish(published);
      await hearAll(pair);
      const foreign = (await pair.entries()).filter(({ tenant, org }) => tenant !== org);
      deepStrictEqual(foreign, []);
      await expectAllOnce(pair);
    },
  },
  {
    name: 'keeps events as they are, fields that nobody knows included',
    async run(pair) {
      const odd = { name: 'é🌊\u2028', later: { deep: [null, 0.5, { x: '' }] } };
      await pair.publish([event(ORG_A, 'alpha', 1, { data: odd })]);
      await hearAll(pair);
      const heard = (await pair.entries()).map(({ data }) => data);
      deepStrictEqual(JSON.stringify(heard), JSON.stringify([odd]));
    },
  },
  {
    name: 'undoes what a failing handler wrote, and hears the events again',
    async run(pair) {
      await pair.publish(published);
      let failures = 3;
      const written = () => {
        if (failures-- > 0) throw new TypeError('a bug that passes');
      };
      await hearAll(pair, { written });
      await expectAllOnce(pair);
    },
  },
  {
    name: 'hears again what a killed process had not kept',
    async run(pair) {
      await pair.publish(published);
      await diesOnce(pair, (die) => ({ written: die }));
      deepStrictEqual(await pair.entries(), []);
      await hearAll(pair);
      await expectAllOnce(pair);
    },
  },
  {
    name: 'changes nothing when what was kept but not acknowledged comes again',
    async run(pair) {
      await pair.publish(published);
      await diesOnce(pair, (die) => ({ heard: die }));
      await hearAll(pair);
      await expectAllOnce(pair);
    },
  },
  {
    name: 'changes nothing when everything comes again',
    async run(pair) {
      await pair.publish(published);
      await hearAll(pair);
      await pair.rewind();
      const { delivered } = await hearAll(pair);
      deepStrictEqual(delivered.length, published.length);
      await expectAllOnce(pair);
    },
  },
  {
    name: 'does not bring again what was acknowledged',
    async run(pair) {
      await pair.publish(published);
      await hearAll(pair);
      const more = [event(ORG_A, 'alpha', 8), event(ORG_B, 'beta', 6)];
      await pair.publish(more);
      const { delivered } = await hearAll(pair);
      deepStrictEqual(delivered.length, more.length);
      await expectAllOnce(pair, [...published, ...more]);
    },
  },
  {
    name: 'finishes what it is hearing before it stops',
    async run(pair) {
      await pair.publish([event(ORG_A, 'alpha', 1)]);
      const [reached, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const written = () => {
        reached.resolve();
        return go.promise;
      };
      const process = await new Process(pair, { written }).start();
      await reached.promise;
      const stopped = process.stop();
      go.resolve();
      await stopped;
      await pair.publish([event(ORG_A, 'alpha', 2)]);
      const { delivered } = await hearAll(pair);
      deepStrictEqual(delivered.length, 1);
      await expectAllOnce(pair, stream(ORG_A, 'alpha', 2));
    },
  },
  {
    name: 'parks a poison with what follows it, lets other streams flow, and restores the order after the fix',
    async run(pair) {
      await pair.publish(published);
      let broken = true;
      const written = (events: readonly RecordedEvent[]) => {
        if (broken && events.some((one) => line(one) === `${ORG_A} alpha 3`)) throw new Error('poison');
      };
      const process = await new Process(pair, { written }).start();
      await process.caughtUp();
      await process.stop();
      const waits = (one: LogEvent) => one.org === ORG_A && one.stream === 'alpha' && one.version >= 3;
      await expectAllOnce(
        pair,
        published.filter((one) => !waits(one)),
      );
      deepStrictEqual(await pair.store.parkedMessages(), 5);
      broken = false;
      deepStrictEqual(await process.inbox.replay(ORG_A, 'alpha'), { heard: 5 });
      await expectAllOnce(pair);
      deepStrictEqual(await pair.store.parkedMessages(), 0);
    },
  },
];
