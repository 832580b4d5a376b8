import type { LeaderTask, LogReader } from '@tidemark/event-store';
import type { Hints, Logger } from '@tidemark/runtime';
import type { Checkpoints } from '../events/checkpoints.js';
import type { EventSource } from '../events/event-source.js';
import type { Retries } from '../inbox/retry.js';
import type { RelayState } from '../relay/relay-state.js';

/** What every service with tables is opened with, whichever process it is in. */
export interface OpeningOptions {
  readonly appUrl: string;
  readonly relayUrl: string;
  readonly connections: number;
  readonly hints: Hints;
  readonly logger: Logger;
  readonly stallLimitMs: number;
  readonly retries: Partial<Retries>;
  readonly onStalled: (reason: string) => void;
}

/** Of a service that hears others. */
export interface HearingOthers {
  /** Who brings the events of each topic: a log in the same process, or Kafka. */
  readonly sources: (checkpoints: Checkpoints) => Readonly<Record<string, EventSource>>;
}

/** Of a service that keeps a log. */
export interface Publishing {
  /** What the leader does with the log beside giving positions: publishing it, where there is somewhere to. */
  readonly publish?: (log: LogReader, state: RelayState) => LeaderTask;
}
