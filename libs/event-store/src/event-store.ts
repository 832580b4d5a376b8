import type { NewEvent, RecordedEvent } from '@tidemark/contracts';

/** What one command leaves behind in one stream. */
export interface Append {
  readonly org: string;
  readonly stream: string;
  /** The version that the decision was made on; 0 for a stream that does not exist yet. */
  readonly expected: number;
  /** UUID of the command. */
  readonly command: string;
  /** Tells another command apart that carries the same id. */
  readonly fingerprint: string;
  /** Version of the decider that folded `state`. */
  readonly schema: number;
  /** The state after `events`. */
  readonly state: object;
  readonly events: readonly NewEvent[];
  readonly meta: { readonly account: string; readonly requestId: string };
  /** ISO 8601, UTC, milliseconds. */
  readonly at: string;
}

export type Appended =
  | { readonly outcome: 'appended'; readonly version: number }
  | { readonly outcome: 'repeated'; readonly version: number; readonly fingerprint: string }
  | { readonly outcome: 'conflict'; readonly actual: number };

/** A stream as its row holds it. A stream that does not exist has version 0 and no state. */
export interface Loaded {
  readonly version: number;
  /** Version of the decider that folded `state`. */
  readonly schema: number;
  readonly state: object | null;
  /** What the command asked for has left behind already, in whichever stream. */
  readonly repeated?: { readonly version: number; readonly fingerprint: string };
}

/** The streams of one service. An organization sees its own only; the same stream name in another is another stream. */
export interface EventStore {
  /**
   * Writes all events of one command and the folded state, or nothing. When the promise resolves, they are on disk.
   *
   * Of two appends with the same expected version exactly one is `appended`, the other is a `conflict` and changes
   * nothing. A command id seen before in this organization is `repeated` and changes nothing; so is an append that was
   * sent again by itself because a reply was lost. An append that can never be stored is refused and says why; it
   * never fails those that are written together with it.
   */
  append(append: Append): Promise<Appended>;

  /** Version, state and what became of the command, all of one moment. */
  load(org: string, stream: string, command?: string): Promise<Loaded>;

  /** Events with a version above `after`, in order, at most `limit`. */
  readStream(org: string, stream: string, after: number, limit: number): Promise<RecordedEvent[]>;
}
