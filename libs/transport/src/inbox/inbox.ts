import { checkedEvent, type LogEvent } from '@tidemark/contracts';
import type { Logger } from '@tidemark/runtime';
import { placeOf, type Delivery, type PlacedDelivery, type UnreadableDelivery } from '../events/delivery.js';
import { asError, reasonOf } from '../events/reason.js';
import { fromWire, toWire } from '../events/wire.js';
import { callHandler, type EventHandler } from './handler.js';
import type { InboxStore, InboxTx } from './inbox-store.js';
import { replay, type Replayed } from './replay.js';
import { defaultRetries, passes, pause, type Pause, type Retries } from './retry.js';
import { sort, type Check, type Sorted } from './sort.js';

export interface InboxOptions {
  /** Names the source in the consumer's tables: a topic, or a projection. */
  readonly source: string;
  readonly store: InboxStore;
  readonly hear: EventHandler;
  readonly logger: Logger;
  /** After something of an organization was heard and is kept. */
  readonly onHeard?: ((org: string) => void) | undefined;
  readonly retries?: Partial<Retries> | undefined;
  /** Events it refuses are parked without trying: the catalogue of contracts, unless said otherwise. */
  readonly check?: Check;
  readonly pause?: Pause;
}

/** A stream whose next event fails; what came behind it in the batch waits with it. */
interface Stuck {
  readonly org: string;
  readonly messages: PlacedDelivery[];
  readonly since: number;
  tries: number;
  error: unknown;
}

/**
 * Hears what a source delivers, each event once in effect: the handler's writes and the last version of each stream are
 * one transaction per organization and batch. Statements: BEGIN, lock, the handler's, advance, COMMIT.
 */
export class Inbox {
  private readonly retries: Retries;
  private readonly check: Check;
  private readonly pause: Pause;
  private advanced = 0;

  constructor(private readonly options: InboxOptions) {
    this.retries = { ...defaultRetries, ...options.retries };
    this.check = options.check ?? inCatalogue;
    this.pause = options.pause ?? pause;
  }

  /** Grows with every transaction that changed something: hearing repeats is no progress. */
  get progress(): number {
    return this.advanced;
  }

  /** Resolves when everything in the batch has been heard or put aside. Rejects when the batch has to come again. */
  async deliver(batch: readonly Delivery[], signal: AbortSignal): Promise<void> {
    const unreadable = batch.filter((delivery) => delivery.kind === 'unreadable');
    if (unreadable.length > 0) await this.recordUnreadable(unreadable);
    const stuck: Stuck[] = [];
    for (const [org, messages] of byOrganization(batch)) stuck.push(...(await this.settle(org, messages)));
    await this.tryAgain(stuck, signal);
  }

  /** After the cause has been mended: hears what is parked of a stream, in order, until it fails again. */
  async replay(org: string, stream: string): Promise<Replayed> {
    const { source, store, logger } = this.options;
    const read = (wire: Parameters<typeof fromWire>[0]) => this.readable(wire);
    const replayed = await replay(
      { store, source, read, handle: (events, inbox) => this.handle(events, inbox) },
      org,
      stream,
    );
    this.advanced += replayed.heard;
    if (replayed.heard > 0) this.options.onHeard?.(org);
    logger.info({ source, org, stream, ...replayed }, 'parked events replayed');
    return replayed;
  }

  private async recordUnreadable(messages: readonly UnreadableDelivery[]): Promise<void> {
    const { source, store, logger } = this.options;
    await store.recordUnreadable(source, messages);
    for (const message of messages)
      logger.error({ source, ...message }, 'a message cannot be read and was put aside');
  }

  private async settle(org: string, messages: readonly PlacedDelivery[]): Promise<Stuck[]> {
    try {
      await this.hearTogether(org, messages);
      return [];
    } catch (error) {
      if (passes(error)) throw error;
      const { source, logger } = this.options;
      logger.warn(
        { source, org, events: messages.length, error: reasonOf(error) },
        'events could not be heard together',
      );
      return this.oneByOne(org, messages);
    }
  }

  /** Finds out which stream it is; the others go on. */
  private async oneByOne(org: string, messages: readonly PlacedDelivery[]): Promise<Stuck[]> {
    const stuck = new Map<string, Stuck>();
    const since = performance.now();
    for (const message of messages) {
      const { stream } = placeOf(message);
      const waiting = stuck.get(stream);
      if (waiting) waiting.messages.push(message);
      else {
        const error = await this.attempt(org, message);
        if (error !== undefined) stuck.set(stream, { org, messages: [message], since, tries: 0, error });
      }
    }
    return [...stuck.values()];
  }

  private async attempt(org: string, message: PlacedDelivery): Promise<Error | undefined> {
    try {
      await this.hearTogether(org, [message]);
      return undefined;
    } catch (error) {
      if (passes(error)) throw error;
      return asError(error);
    }
  }

  /** All that are stuck share the pauses, so one batch waits no longer for many than for one. */
  private async tryAgain(stuck: Stuck[], signal: AbortSignal): Promise<void> {
    let waiting = stuck;
    while (waiting.length > 0) {
      for (const one of waiting.filter((candidate) => this.isHopeless(candidate))) await this.park(one);
      waiting = waiting.filter((candidate) => !this.isHopeless(candidate));
      if (waiting.length === 0) return;
      await this.pause(this.retries.pausesMs[Math.min(...waiting.map(({ tries }) => tries))] ?? 0, signal);
      for (const one of waiting) await this.again(one);
      waiting = waiting.filter(({ messages }) => messages.length > 0);
    }
  }

  private isHopeless({ tries, since }: Stuck): boolean {
    return tries >= this.retries.pausesMs.length || performance.now() - since >= this.retries.withinMs;
  }

  private async again(stuck: Stuck): Promise<void> {
    stuck.tries += 1;
    while (stuck.messages.length > 0) {
      const error = await this.attempt(stuck.org, stuck.messages[0]!);
      if (error !== undefined) {
        stuck.error = error;
        return;
      }
      stuck.messages.shift();
      stuck.tries = 0;
    }
  }

  private async park({ org, messages, error }: Stuck): Promise<void> {
    const [first, ...behind] = messages;
    const { source, logger } = this.options;
    const reason = reasonOf(error);
    logger.error({ source, ...placeOnly(first!), reason }, 'an event fails again and again and was parked');
    await this.hearTogether(org, [refused(first!, reason), ...behind]);
  }

  private async hearTogether(org: string, messages: readonly PlacedDelivery[]): Promise<void> {
    const { source, store } = this.options;
    const streams = [...new Set(messages.map((message) => placeOf(message).stream))].sort();
    const sorted = await store.inOrg(source, org, async (inbox) => {
      const outcome = sort(messages, await inbox.lock(streams), this.check);
      await this.keep(outcome, inbox);
      return outcome;
    });
    if (sorted.advances.length > 0) this.advanced += 1;
    if (sorted.fresh.length > 0) this.options.onHeard?.(org);
    this.report(org, sorted);
    for (const stream of sorted.closed) await this.replay(org, stream);
  }

  private async keep({ fresh, advances, parked }: Sorted, inbox: InboxTx): Promise<void> {
    if (fresh.length > 0) await this.handle(fresh, inbox);
    if (advances.length > 0) await inbox.advance(advances);
    if (parked.length > 0) await inbox.park(parked);
  }

  private handle(events: readonly LogEvent[], { tx }: InboxTx): Promise<void> {
    return callHandler(this.options.hear, events, tx, this.retries.handlerMs);
  }

  private readable(wire: Parameters<typeof fromWire>[0]): LogEvent | string {
    const read = fromWire(wire);
    if (read.kind !== 'event') return read.reason;
    return this.check(read.event) ?? read.event;
  }

  private report(org: string, { parked }: Sorted): void {
    const { source, logger } = this.options;
    for (const { stream, version, reason } of parked)
      logger.warn({ source, org, stream, version, reason }, 'an event is parked');
  }
}

/** Said of an event that this version does not know, or whose fields are wrong. */
function inCatalogue(event: LogEvent): string | undefined {
  try {
    checkedEvent(event);
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

const placeOnly = (message: PlacedDelivery) => {
  const { org, stream, version } = placeOf(message);
  return { org, stream, version };
};

function refused(message: PlacedDelivery, reason: string): PlacedDelivery {
  const wire = message.kind === 'event' ? toWire(message.event) : message.wire;
  return { kind: 'damaged', place: placeOnly(message), reason, wire };
}

function byOrganization(batch: readonly Delivery[]): Map<string, PlacedDelivery[]> {
  const groups = new Map<string, PlacedDelivery[]>();
  for (const delivery of batch) {
    if (delivery.kind === 'unreadable') continue;
    const { org } = placeOf(delivery);
    const group = groups.get(org);
    if (group) group.push(delivery);
    else groups.set(org, [delivery]);
  }
  return groups;
}
