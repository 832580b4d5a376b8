import type { BackingError } from '../errors.js';

export interface Running {
  readonly name: string;
  /** Postgres: URL of the superuser. Kafka: host:port. Redis: URL. GCS: URL of the API. */
  readonly url: string;
  /** 0 when the service is not ours (its URL came from outside) */
  readonly pid: number;
  /** Asks it to end, insists after a while, returns when it is gone. */
  stop(): Promise<void>;
  /** For fault tests. */
  kill(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void;
  /** Its exit code, null after a signal; never settles when it is not ours. */
  readonly exited: Promise<number | null>;
  /** After it ended by itself: why, as its log tells. */
  explain(): BackingError;
}

/** A service that somebody else runs: used as it is, never stopped. */
export function outside(name: string, url: string): Running {
  const notOurs = (): never => {
    throw new Error(`${name} was given by its URL and is not ours to stop`);
  };
  return {
    name,
    url,
    pid: 0,
    stop: async () => {},
    kill: notOurs,
    exited: new Promise(() => {}),
    explain: notOurs,
  };
}
