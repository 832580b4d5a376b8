import { newCommandId, type LogEvent } from '@tidemark/contracts';
import type { EventStoreFactory, EventStoreHarness } from '../event-store.contract.js';
import type { Append, Appended, EventStore } from '../../src/event-store.js';
import type { LogReader } from '../../src/log-reader.js';

/** A good adapter with one fault put in front of it. */
export interface BrokenStore {
  readonly fault: string;
  /** The check that must notice it, whatever others do. */
  readonly caughtBy: string;
  readonly factory: EventStoreFactory;
}

interface Fault {
  store?(inner: EventStore): Partial<EventStore>;
  reader?(inner: LogReader): Partial<LogReader>;
}

/** `fault` is made anew after each crash: what it only remembers is lost. */
const broken = (good: EventStoreFactory, fault: () => Fault): EventStoreFactory => {
  return async () => {
    const inner = await good();
    let made = fault();
    const harness: EventStoreHarness = {
      get store() {
        return withFault<EventStore>(inner.store, made.store?.(inner.store));
      },
      get reader() {
        return withFault<LogReader>(inner.reader, made.reader?.(inner.reader));
      },
      sequence: () => inner.sequence(),
      crash: async () => {
        await inner.crash();
        made = fault();
      },
      close: () => inner.close(),
    };
    return harness;
  };
};

const withFault = <Port extends object>(inner: Port, fault: Partial<Port> | undefined): Port =>
  new Proxy(inner, {
    get: (target, key) => {
      const value: unknown = Reflect.get(fault && key in fault ? fault : target, key);
      return typeof value === 'function'
        ? (value.bind(fault && key in fault ? fault : target) as unknown)
        : value;
    },
  });

const changing = (change: (append: Append) => Append) => (inner: EventStore) => ({
  append: (append: Append) => inner.append(change(append)),
});

const dropsTheLastEvent: Fault = {
  store: (inner) => ({
    append: async (append) => {
      const version = append.expected + append.events.length;
      if (append.events.length === 1) return { outcome: 'appended', version };
      const result = await inner.append({ ...append, events: append.events.slice(0, -1) });
      return result.outcome === 'appended' ? { outcome: 'appended', version } : result;
    },
  }),
};

const reordersTwo: Fault = {
  store: changing((append) => {
    const [first, second, ...rest] = append.events;
    return first && second ? { ...append, events: [second, first, ...rest] } : append;
  }),
};

const ignoresTheExpectedVersion: Fault = {
  store: (inner) => ({
    append: async (append) => {
      const { version } = await inner.load(append.org, append.stream);
      return inner.append({ ...append, expected: version });
    },
  }),
};

const everybody = 'org_everybody';
const forgetsTheTenant: Fault = {
  store: (inner) => ({
    append: (append) => inner.append({ ...append, org: everybody }),
    load: (_org, stream, command) => inner.load(everybody, stream, command),
    readStream: async (org, stream, after, limit) =>
      (await inner.readStream(everybody, stream, after, limit)).map((event) => ({ ...event, org })),
  }),
};

/** What waits is written before the next call looks, so that only a crash can tell. */
function acknowledgesBeforeTheWrite(): Fault {
  let waiting: (() => Promise<Appended>)[] = [];
  const catchUp = async () => {
    const due = waiting;
    waiting = [];
    for (const write of due) await write();
  };
  return {
    store: (inner) => ({
      append: async (append) => {
        await catchUp();
        const { version, repeated } = await inner.load(append.org, append.stream, append.command);
        if (repeated || version !== append.expected) return inner.append(append);
        waiting.push(() => inner.append(append));
        return { outcome: 'appended', version: version + append.events.length };
      },
      load: async (...of) => {
        await catchUp();
        return inner.load(...of);
      },
      readStream: async (...of) => {
        await catchUp();
        return inner.readStream(...of);
      },
    }),
  };
}

const doesACommandAgain: Fault = { store: changing((append) => ({ ...append, command: newCommandId() })) };

const forgetsTheState: Fault = { store: changing((append) => ({ ...append, state: {} })) };

const skipsTheFirstOfAPage: Fault = {
  reader: (inner) => ({
    read: async (after, limit) =>
      (await inner.read(after, limit + 1)).filter(({ position }) => position !== after + 1 || after === 0),
  }),
};

const givesAPositionTwice: Fault = {
  reader: (inner) => ({
    read: async (after, limit) =>
      (await inner.read(after, limit)).map((event): LogEvent =>
        event.position % 5 === 0 ? { ...event, position: event.position - 1 } : event,
      ),
  }),
};

const showsAStreamBackwards: Fault = {
  reader: (inner) => ({
    read: async (after, limit) => {
      const page = await inner.read(after, limit);
      return page.map(({ position }, index) => ({ ...page[page.length - 1 - index]!, position }));
    },
  }),
};

export const brokenStores = (good: EventStoreFactory): BrokenStore[] => [
  {
    fault: 'drops the last event',
    caughtBy: 'keeps every event of an append, in its order and with all it was given',
    factory: broken(good, () => dropsTheLastEvent),
  },
  {
    fault: 'reorders two events',
    caughtBy: 'keeps every event of an append, in its order and with all it was given',
    factory: broken(good, () => reordersTwo),
  },
  {
    fault: 'ignores the expected version',
    caughtBy: 'changes nothing when the expected version is not the actual one',
    factory: broken(good, () => ignoresTheExpectedVersion),
  },
  {
    fault: 'forgets the tenant',
    caughtBy: 'keeps organizations apart, even where their streams have one name',
    factory: broken(good, () => forgetsTheTenant),
  },
  {
    fault: 'acknowledges before the write',
    caughtBy: 'has on disk what it has acknowledged',
    factory: broken(good, acknowledgesBeforeTheWrite),
  },
  {
    fault: 'does a repeated command again',
    caughtBy: 'does a command once, however often it is sent',
    factory: broken(good, () => doesACommandAgain),
  },
  {
    fault: 'forgets the folded state',
    caughtBy: 'gives back the folded state, its schema and the version of the last append',
    factory: broken(good, () => forgetsTheState),
  },
  {
    fault: 'skips the first event of a page of the log',
    caughtBy: 'shows every event in the log once, positions dense, each stream in order',
    factory: broken(good, () => skipsTheFirstOfAPage),
  },
  {
    fault: 'gives a position twice',
    caughtBy: 'shows every event in the log once, positions dense, each stream in order',
    factory: broken(good, () => givesAPositionTwice),
  },
  {
    fault: 'shows a stream backwards in the log',
    caughtBy: 'never changes what a reader has read, through a crash too',
    factory: broken(good, () => showsAStreamBackwards),
  },
];
