import type { Tx } from '@tidemark/runtime';
import type { UnreadableDelivery, WireMessage } from '../events/delivery.js';

/** How far a stream was heard. */
export interface Heard {
  /** The last version that changed something; 0 at first. */
  readonly version: number;
  /** The lowest version that is parked; everything from there on waits. */
  readonly parkedFrom: number | null;
}

export interface Advance extends Heard {
  readonly stream: string;
  /** False: nothing had been heard of it when it was locked. */
  readonly known: boolean;
}

export interface Parked {
  readonly stream: string;
  readonly version: number;
  readonly wire: WireMessage;
  readonly reason: string;
}

/** What one source brought to one organization, inside one transaction. */
export interface InboxTx {
  /** For the handler: what it writes is kept together with `advance`, or not at all. */
  readonly tx: Tx;
  /** Nobody else advances these streams until the transaction ends. Streams never heard of are not in the map. */
  lock(streams: readonly string[]): Promise<ReadonlyMap<string, Heard>>;
  /** Fails when a stream that was not `known` has been heard by somebody else in the meantime. */
  advance(changes: readonly Advance[]): Promise<void>;
  /** Several messages may claim one version; each is kept once. */
  park(messages: readonly Parked[]): Promise<void>;
  /** Parked messages above a version: the lowest versions first, those of one version in the order they came. */
  parkedAbove(stream: string, version: number, limit: number): Promise<readonly Parked[]>;
  /** Forgets what is parked up to a version. Returns the lowest version still parked. */
  unpark(stream: string, upTo: number): Promise<number | null>;
}

/** A stream that waits, without its contents. */
export interface ParkedStream {
  readonly source: string;
  readonly org: string;
  readonly stream: string;
  readonly messages: number;
}

/** Where a consumer keeps how far it has heard, beside what it made of it. */
export interface InboxStore {
  /** One transaction in the scope of one organization. Resolves when everything in it is kept. */
  inOrg<T>(source: string, org: string, work: (inbox: InboxTx) => Promise<T>): Promise<T>;
  recordUnreadable(source: string, messages: readonly UnreadableDelivery[]): Promise<void>;
  /** Of all organizations, for the operator: ids only. */
  parkedStreams(limit: number): Promise<readonly ParkedStream[]>;
  parkedMessages(): Promise<number>;
}
