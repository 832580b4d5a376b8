/** Who and what brought an event about. Ids only: an event never carries personal data. */
export interface EventMeta {
  readonly account: string;
  readonly requestId: string;
  /** Id of the command; the same command heard again finds its events by it. */
  readonly command: string;
}

/** What a decider answers: something that has happened, without place or time. */
export interface NewEvent<Data extends object = object> {
  readonly type: string;
  readonly typeVersion: number;
  readonly data: Data;
}

/** An event at its place in a stream. */
export interface RecordedEvent<Data extends object = object> extends NewEvent<Data> {
  readonly org: string;
  readonly stream: string;
  /** 1, 2, 3 … in its stream, without a gap. */
  readonly version: number;
  readonly id: string;
  readonly meta: EventMeta;
  /** ISO 8601, UTC, milliseconds. For people; nothing is ordered by it. */
  readonly at: string;
}

/** An event at its place in the log of its service: positions are dense, 1, 2, 3 … */
export interface LogEvent<Data extends object = object> extends RecordedEvent<Data> {
  readonly position: number;
}
