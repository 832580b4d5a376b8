import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { hintTopics, isErrorCode } from '@tidemark/contracts';
import { asDomainError, HINTS, type Hints } from '@tidemark/runtime';
import { AtMost } from '../asking/at-most.js';
import { Entries } from './entries.js';
import type { Reader } from './reader.js';
import { Room } from './room.js';

/** Safety net for hints that got lost, and how often an open stream's right to be open is asked about again. */
const LOOK_MS = 1_000;
const RECHECK_MS = 4_000;
const BEAT_MS = 15_000;
const AT_ONCE = 64;

/** A service that is busy or restarts has not said no. */
const onceMore =
  (listener: Reader) =>
  (error: unknown): Promise<void> => {
    const { code } = asDomainError(error);
    if (code === 'UNAVAILABLE' || code === 'TIMEOUT') return listener.recheck();
    throw error;
  };

/** All open event streams of this process. */
@Injectable()
export class Streams implements BeforeApplicationShutdown {
  readonly #rooms = new Map<string, { room: Room; leave: () => void }>();
  readonly #timers: NodeJS.Timeout[];
  readonly #line = new AtMost(AT_ONCE);
  readonly #waiting = new Set<Room>();

  constructor(
    @Inject(Entries) private readonly entries: Entries,
    @Inject(HINTS) private readonly hints: Hints,
  ) {
    this.#timers = [
      setInterval(() => this.lookAll(), LOOK_MS),
      setInterval(() => void this.recheckAll(), RECHECK_MS),
      setInterval(() => this.each((listener) => listener.beat()), BEAT_MS),
    ];
    this.#timers.forEach((timer) => timer.unref());
  }

  join(org: string, listener: Reader): () => void {
    const { room } = this.#rooms.get(org) ?? this.open(org);
    room.listeners.add(listener);
    void this.look(room);
    return () => this.part(org, listener);
  }

  beforeApplicationShutdown(): void {
    this.#timers.forEach((timer) => clearInterval(timer));
    this.each((listener) => listener.close());
  }

  private open(org: string) {
    const room = new Room(({ actor, cursor }, limit) => this.entries.after(actor, org, cursor, limit));
    const opened = { room, leave: this.hints.subscribe(hintTopics.audit(org), () => void this.look(room)) };
    this.#rooms.set(org, opened);
    return opened;
  }

  private part(org: string, listener: Reader): void {
    const opened = this.#rooms.get(org);
    opened?.room.listeners.delete(listener);
    if (opened?.room.listeners.size !== 0) return;
    opened.leave();
    this.#rooms.delete(org);
  }

  private lookAll(): void {
    for (const { room } of this.#rooms.values()) void this.look(room);
  }

  /** A read that fails is made again with the next look. One that waits in line will see what is new by then. */
  private async look(room: Room): Promise<void> {
    if (this.#waiting.has(room)) return;
    this.#waiting.add(room);
    const work = () => {
      this.#waiting.delete(room);
      return room.look();
    };
    await this.#line.run(work).catch(() => undefined);
  }

  /** A few at a time: thousands of streams are no reason to ask thousands of questions at once. */
  private async recheckAll(): Promise<void> {
    const waiting = [...this.#rooms.values()].flatMap(({ room }) => [...room.listeners]).values();
    const next = async () => {
      for (const listener of waiting) await this.recheck(listener);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, next));
  }

  /** Closed as soon as the answer is no, and also when there is no answer: the client comes back and is asked anew. */
  private async recheck(listener: Reader): Promise<void> {
    try {
      await listener.recheck().catch(onceMore(listener));
    } catch (error) {
      if (isErrorCode((error as { code?: unknown }).code)) listener.close();
      else throw error;
    }
  }

  private each(act: (listener: Reader) => void): void {
    for (const { room } of this.#rooms.values()) room.listeners.forEach(act);
  }
}
