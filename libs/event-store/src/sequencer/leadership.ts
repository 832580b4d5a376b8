import { setTimeout as pause } from 'node:timers/promises';
import type { DirectConnection, Logger, Tx } from '@tidemark/runtime';

export interface Lead {
  /** Holds the lock. What is sent through it is sent by the leader or fails. */
  readonly connection: Tx;
  /** Aborted when the lead is lost or given up. */
  readonly signal: AbortSignal;
}

/** Runs while leading and ends soon after its signal; a throw gives up the lead. */
export type LeaderTask = (lead: Lead) => Promise<void>;

export interface LeadershipOptions {
  /** One leader per service and database. */
  readonly service: string;
  /** A connection of its own, straight to the server: the lock belongs to its session. */
  readonly connect: () => Promise<DirectConnection>;
  readonly tasks: readonly LeaderTask[];
  readonly logger: Logger;
  /** Between two tries to become leader. */
  readonly pauseMs?: number;
}

/**
 * Of all processes of a service one leads at a time, as long as its connection holds an advisory lock. The lock keeps
 * others from useless work; nothing may rely on it for being right, since a leader hears of its loss a moment late.
 */
export class Leadership {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private lead = false;

  constructor(private readonly options: LeadershipOptions) {}

  get leading(): boolean {
    return this.lead;
  }

  start(): void {
    this.running ??= this.run();
  }

  /** Tasks have ended and the lock is free when it resolves. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { service, logger } = this.options;
    while (!this.stopping.signal.aborted) {
      await this.term().catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        if (!this.stopping.signal.aborted) logger.warn({ service, reason }, 'not leading, trying again');
      });
      await this.rest();
    }
  }

  /** From a fresh connection to its end. */
  private async term(): Promise<void> {
    const connection = await this.options.connect();
    const lost = new AbortController();
    connection.onLost((reason) => lost.abort(new Error(reason)));
    const signal = AbortSignal.any([this.stopping.signal, lost.signal]);
    try {
      while (!signal.aborted && !(await this.elected(connection))) await this.rest();
      if (!signal.aborted) await this.runTasks(connection, signal);
      lost.signal.throwIfAborted();
    } finally {
      this.lead = false;
      // A dead network may swallow the goodbye; the server frees the lock with the session.
      await Promise.race([connection.close(), pause(1_000, undefined, { ref: false })]).catch(
        () => undefined,
      );
    }
  }

  private async elected(connection: DirectConnection): Promise<boolean> {
    const [row] = await connection.query<{ mine: boolean }>(
      `select pg_try_advisory_lock(hashtextextended('tidemark leader ' || $1, 0)) as mine`,
      [this.options.service],
    );
    return row!.mine;
  }

  private async runTasks(connection: Tx, outer: AbortSignal): Promise<void> {
    this.lead = true;
    this.options.logger.info({ service: this.options.service }, 'leading');
    const failed = new AbortController();
    const signal = AbortSignal.any([outer, failed.signal]);
    const guarded = this.options.tasks.map(async (task) => {
      try {
        await task({ connection, signal });
      } catch (error) {
        failed.abort();
        throw error;
      }
    });
    const results = await Promise.allSettled(guarded);
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }

  private rest(): Promise<void> {
    const { signal } = this.stopping;
    return pause(this.options.pauseMs ?? 1_000, undefined, { signal }).catch(() => undefined);
  }
}
