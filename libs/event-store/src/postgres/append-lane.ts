import { setTimeout as pause } from 'node:timers/promises';
import { notConfirmed, unavailable } from '@tidemark/contracts';
import type { Appended } from '../event-store.js';
import type { PreparedAppend } from '../prepared-append.js';
import { appended, type OutcomeRow } from './append-rows.js';
import { judge } from './append-failure.js';

export interface LaneOptions {
  /** One statement in a transaction of its own: all of these appends or none. */
  readonly send: (appends: readonly PreparedAppend[]) => Promise<readonly OutcomeRow[]>;
  /** Something was written. */
  readonly written: () => void;
  /** Pauses before a batch is sent again, in milliseconds; after the last one it is given up. */
  readonly pauses?: readonly number[];
}

interface Amount {
  readonly appends: number;
  readonly bytes: number;
}

interface Waiting {
  readonly append: PreparedAppend;
  /** Organization and stream. */
  readonly key: string;
  readonly resolve: (outcome: Appended) => void;
  readonly reject: (error: unknown) => void;
}

const MOST = { appends: 256, bytes: 1024 * 1024, waitingBytes: 64 * 1024 * 1024 };
const PAUSES = [20, 50, 100, 200, 400, 800, 1_600, 3_200];
const PASSING_TRIES = 4;

/** While the database works on one, the next is made and the last is written to disk (measured: 1.4 times as much). */
const STATEMENTS = 3;

/** Less is not worth a statement of its own while there is load. */
const LEAST: Amount = { appends: 16, bytes: 128 * 1024 };

/**
 * Group commit: up to three statements are under way, and what comes in the meantime goes with the next one. An append is
 * acknowledged when the statement that carried it has committed. What comes to one stream is sent in the order in which
 * it came: while a batch holds a stream, others of that stream wait.
 */
export class AppendLane {
  private waiting: Waiting[] = [];
  private waitingBytes = 0;
  private running = 0;
  private underWay = 0;
  /** Nothing has been going on: what comes now came at once and goes together. */
  private fresh = true;
  private readonly held = new Set<string>();

  constructor(private readonly options: LaneOptions) {}

  push(append: PreparedAppend): Promise<Appended> {
    if (this.waitingBytes + append.bytes > MOST.waitingBytes) {
      return Promise.reject(unavailable('Too much is waiting to be written.'));
    }
    this.waitingBytes += append.bytes;
    const { promise, resolve, reject } = Promise.withResolvers<Appended>();
    this.waiting.push({ append, key: `${append.org} ${append.stream}`, resolve, reject });
    if (this.running < STATEMENTS) void this.run();
    return promise;
  }

  private async run(): Promise<void> {
    this.running++;
    for (;;) {
      // Whoever was answered by the last batch and comes again at once can go with this one.
      await new Promise((resolve) => setImmediate(resolve));
      const batch = this.nextBatch(this.share());
      if (batch.length === 0) break;
      this.fresh = false;
      await this.holding(batch, () => this.settle(batch));
    }
    this.running--;
    this.fresh = this.running === 0;
  }

  private async holding(batch: readonly Waiting[], work: () => Promise<void>): Promise<void> {
    this.underWay++;
    for (const { key } of batch) this.held.add(key);
    await work();
    for (const { key } of batch) this.held.delete(key);
    this.underWay--;
  }

  private nextBatch(most: Amount): Waiting[] {
    const batch: Waiting[] = [];
    const rest: Waiting[] = [];
    let bytes = 0;
    let full = false;
    for (const one of this.waiting) {
      const free: boolean = !full && !this.held.has(one.key);
      full ||=
        free && batch.length > 0 && (batch.length === most.appends || bytes + one.append.bytes > most.bytes);
      if (!free || full) rest.push(one);
      else {
        batch.push(one);
        bytes += one.append.bytes;
      }
    }
    this.waiting = rest;
    this.waitingBytes -= bytes;
    return batch;
  }

  /** Under load each statement takes a part, or those who were answered together would for ever come together. */
  private share(): Amount {
    const idle = this.running - this.underWay;
    if (this.fresh || idle <= 1) return MOST;
    return {
      appends: Math.min(MOST.appends, Math.max(LEAST.appends, Math.ceil(this.waiting.length / idle))),
      bytes: Math.min(MOST.bytes, Math.max(LEAST.bytes, Math.ceil(this.waitingBytes / idle))),
    };
  }

  /**
   * Sends a batch until each of its appends has an answer. Never rejects. Command ids make another try harmless; after
   * a lost reply only another try can tell what became of the first.
   */
  private async settle(batch: readonly Waiting[], uncertain = false): Promise<void> {
    const pauses = this.options.pauses ?? PAUSES;
    for (let tries = 0; ; tries++) {
      const error = await this.deliver(batch);
      if (error === undefined) return;
      const failure = judge(error);
      // A batch is stored whole: if it can be refused now, nothing of it was stored before.
      uncertain = failure === 'unknown' || (uncertain && failure !== 'refused');
      const most =
        failure === 'passing' ? PASSING_TRIES : uncertain && failure !== 'held up' ? pauses.length : 0;
      if (tries < most) await pause(pauses[tries]);
      else if (batch.length === 1 || failure === 'unknown' || failure === 'unreachable') {
        return refuse(batch, uncertain ? notConfirmed(error) : error);
      } else return this.apart(batch, failure === 'held up' ? 1 : Math.ceil(batch.length / 2), uncertain);
    }
  }

  /** One bad append fails alone. Behind a lock each part would wait as long as all together: those go one by one. */
  private async apart(batch: readonly Waiting[], size: number, uncertain: boolean): Promise<void> {
    for (let from = 0; from < batch.length; from += size) {
      await this.settle(batch.slice(from, from + size), uncertain);
    }
  }

  private async deliver(batch: readonly Waiting[]): Promise<unknown> {
    let rows: readonly OutcomeRow[];
    try {
      rows = await this.options.send(batch.map(({ append }) => append));
      if (rows.length !== batch.length)
        throw new Error(`${batch.length} appends had ${rows.length} outcomes.`);
    } catch (error) {
      return error ?? new Error('An append failed without a reason.');
    }
    for (const row of rows) batch[row.n]!.resolve(appended(row));
    if (rows.some(({ outcome }) => outcome === 'appended')) this.options.written();
    return undefined;
  }
}

const refuse = (batch: readonly Waiting[], error: unknown) => batch.forEach(({ reject }) => reject(error));
