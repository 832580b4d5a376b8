import type { Durability } from '../measure/durability.js';
import type { Payload } from './payloads.js';

/** What one side of one round is told to do. */
export interface Job {
  readonly side: string;
  readonly cell: string;
  readonly seed: number;
  /** As superuser, of an empty database. */
  readonly url: string;
  /** Where a peer that is fetched lies. */
  readonly peer?: string;
}

/** An event as a side's own reader gives it back. */
export interface ReadBack {
  readonly position: number;
  readonly stream: string;
  readonly version: number;
  readonly data: object;
}

/** An event store under test, behind the few words that the work needs. */
export interface Side {
  /** Resolves when it is on disk. */
  append(writer: number, stream: string, expected: number, payloads: readonly Payload[]): Promise<void>;
  /** Resolves when a reader by position has got the last of all events that were acknowledged so far. */
  lastIsReadable(events: number): Promise<void>;
  /** All events through the side's own reader by position, in its order. */
  readAll(events: number): Promise<ReadBack[]>;
  /** Are positions promised to be 1, 2, 3 … in the order of reading? Else they only have to differ. */
  readonly dense: boolean;
  readonly durability: Durability;
  close(): Promise<void>;
}

/** What the writers saw. */
export interface Written {
  readonly appends: number;
  /** Per stream, the version that was acknowledged last. */
  readonly versions: Readonly<Record<string, number>>;
  readonly ms: number;
  readonly latencies: readonly number[];
}

/** What one side took, up to the moment when the last event was readable. */
export interface Timed {
  readonly appends: number;
  readonly events: number;
  /** From the first append to the last acknowledgement. */
  readonly acknowledgedMs: number;
  /** … until a reader by position had got the last event. */
  readonly readableMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly clientCpuMs: number;
  /** Sent by the client, of every kind. */
  readonly statements: number;
  readonly durability: Durability;
}

/** What was there afterwards, the warm-up included. */
export interface Checked {
  /** All events through the side's own reader by position; 0 when it has none. */
  readonly readEventsPerSecond: number;
  /** Per stream, the version that was acknowledged last. */
  readonly versions: Readonly<Record<string, number>>;
  readonly faults: readonly string[];
}
