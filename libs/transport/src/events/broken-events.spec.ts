import { memoryPair, type Parts } from '../../test/events/memory-pair.js';
import type { Heard, InboxStore } from '../inbox/inbox-store.js';
import { placeOf, type Delivery } from './delivery.js';
import type { EventSource, Listener } from './event-source.js';
import { askers, eventsContract } from '../../test/events/events.contract.js';

/** A source that does something on the way to its listener. */
const between = (source: EventSource, deliver: (listener: Listener) => Listener['deliver']): EventSource => ({
  start: (listener) => source.start({ ...listener, deliver: deliver(listener) }),
  stop: () => source.stop(),
  state: () => source.state(),
});

const altering = (
  source: EventSource,
  alter: (batch: readonly Delivery[]) => readonly Delivery[],
): EventSource =>
  between(
    source,
    ({ deliver }) =>
      (batch, signal) =>
        deliver(alter(batch), signal),
  );

const inTenant = (store: InboxStore, tenant: (org: string) => string): InboxStore => ({
  ...askers(store),
  inOrg: (source, org, work) => store.inOrg(source, tenant(org), work),
});

/** When the log seems to be at its end. */
const dropsTheLastEvent = (): Parts => ({
  source: (source) =>
    altering(source, (batch) => (batch.length > 1 && batch.length < 8 ? batch.slice(0, -1) : batch)),
});

const reordersTwo = (): Parts => ({
  source: (source) =>
    altering(source, ([first, second, ...rest]) =>
      [second, first, ...rest].filter((one) => one !== undefined),
    ),
});

/** Everything is done in the name of the organization that came first. */
function forgetsTheTenant(): Parts {
  let first: string | undefined;
  return { store: (store) => inTenant(store, (org) => (first ??= org)) };
}

const acknowledgesBeforeTheWrite = (): Parts => ({
  source: (source, checkpoints) =>
    between(source, ({ deliver }) => async (batch, signal) => {
      const last = batch.at(-1);
      if (last?.kind === 'event') await checkpoints.save('orgs.events', last.event.position);
      await deliver(batch, signal);
    }),
});

/** The process believes that it was kept. */
function losesOneAcknowledgement(): Parts {
  let lost = false;
  return {
    checkpoints(kept) {
      let believed = 0;
      return {
        load: async (source) => Math.max(believed, await kept.load(source)),
        async save(source, position) {
          believed = position;
          if (position === 22 && !lost) lost = true;
          else await kept.save(source, position);
        },
      };
    },
  };
}

/** An inbox without memory: whatever comes is what comes next. */
function hearsAnEventTwice(): Parts {
  const next = new Map<string, Heard>();
  const remember = (batch: readonly Delivery[]) => {
    next.clear();
    for (const one of [...batch].reverse()) {
      if (one.kind === 'unreadable') continue;
      const { org, stream, version } = placeOf(one);
      next.set(`${org} ${stream}`, { version: version - 1, parkedFrom: null });
    }
    return batch;
  };
  const forgetful = (store: InboxStore): InboxStore => ({
    ...askers(store),
    inOrg: (source, org, work) =>
      store.inOrg(source, org, (inbox) =>
        work({
          ...inbox,
          lock: async (streams) => new Map(streams.map((stream) => [stream, next.get(`${org} ${stream}`)!])),
          advance: async () => undefined,
        }),
      ),
  });
  return { store: forgetful, source: (source) => altering(source, remember) };
}

async function caughtBy(parts: () => Parts): Promise<string[]> {
  const caught: string[] = [];
  for (const { name, run } of eventsContract) {
    const pair = memoryPair(parts());
    await run(pair).catch(() => caught.push(name));
    await pair.close();
  }
  return caught;
}

describe('the contract catches', () => {
  it('a source that drops the last event', async () =>
    expect(await caughtBy(dropsTheLastEvent)).toContain('hears every event, the last one included'));

  it('a source that reorders two events', async () =>
    expect(await caughtBy(reordersTwo)).toContain('brings each stream in the order of its versions'));

  it('an inbox that forgets the tenant', async () =>
    expect(await caughtBy(forgetsTheTenant)).toContain('hears each event in the name of its organization'));

  it('a source that acknowledges before the write', async () =>
    expect(await caughtBy(acknowledgesBeforeTheWrite)).toEqual([
      'hears again what a killed process had not kept',
    ]));

  it('a source that loses one acknowledgement', async () =>
    expect(await caughtBy(losesOneAcknowledgement)).toEqual(['does not bring again what was acknowledged']));

  it('an inbox that hears an event twice', async () => {
    const caught = await caughtBy(hearsAnEventTwice);
    expect(caught).toContain('changes nothing when what was kept but not acknowledged comes again');
    expect(caught).toContain('changes nothing when everything comes again');
  });

  it('nothing where nothing is broken', async () => expect(await caughtBy(() => ({}))).toEqual([]));
});
