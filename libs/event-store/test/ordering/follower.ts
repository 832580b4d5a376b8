import { setTimeout as pause } from 'node:timers/promises';
import type { LogEvent } from '@tidemark/contracts';
import type { LogReader } from '../../src/log-reader.js';

/** Reads on from its last place, in pages of all sizes, while others write. `read` may be moved to another database. */
export class Follower<Event> {
  readonly seen: Event[] = [];
  private running: Promise<void> | undefined;
  private stopping = false;

  constructor(
    private read: (after: number, limit: number) => Promise<Event[]>,
    private readonly placeOf: (event: Event) => number,
  ) {}

  start(): void {
    this.stopping = false;
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.running;
  }

  /** Its cursor stays as it is. */
  continueWith(read: (after: number, limit: number) => Promise<Event[]>): void {
    this.read = read;
    this.start();
  }

  private async run(): Promise<void> {
    for (let round = 0; !this.stopping; round++) {
      const last = this.seen.at(-1);
      const page = await this.read(last === undefined ? 0 : this.placeOf(last), 1 + (round % 40));
      this.seen.push(...page);
      if (page.length === 0) await pause(2);
    }
  }
}

export const followerOf = (reader: LogReader) =>
  new Follower<LogEvent>(
    (after, limit) => reader.read(after, limit),
    ({ position }) => position,
  );
