import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { ActorContext, AuditEntry } from '@tidemark/contracts';
import { Entries } from '../audit-stream/entries.js';
import { appEventOf, merged, type AppEvent } from './app-events.js';
import type { AppReader } from './app-reader.js';
import { Places } from './places.js';
import { Turns } from './turns.js';

const PAGE = 500;

/** Whoever was away for longer than this many entries is told of the newest. */
const MOST_MISSED = 20_000;

const KEEP_MS = 10_000;

export interface Opened {
  /** The stream goes on with what comes after this entry. */
  readonly cursor: number;
  readonly missed: readonly AppEvent[];
}

/**
 * What an app missed between two streams of the same session and organization, once. Nothing is sent merely because a
 * stream was opened: the app reopens its stream after each event, and would do so without end.
 */
@Injectable()
export class AppStreams implements BeforeApplicationShutdown {
  readonly #open = new Map<string, Set<AppReader>>();
  readonly #kept = new WeakMap<AppReader, number>();
  readonly #turns = new Turns();
  readonly #timer: NodeJS.Timeout;

  constructor(
    @Inject(Places) private readonly places: Places,
    @Inject(Entries) private readonly entries: Entries,
  ) {
    this.#timer = setInterval(() => void this.keepAll((reader) => reader.settled()), KEEP_MS);
    this.#timer.unref();
  }

  /** How many are open in this process. */
  get size(): number {
    return [...this.#open.values()].reduce((sum, readers) => sum + readers.size, 0);
  }

  /** The place is moved before anything is sent: two that open at once do not both get it. */
  prepare(actor: ActorContext, org: string): Promise<Opened> {
    return this.#turns.take(pairOf(actor, org), async () => {
      const [place, cursor] = await Promise.all([this.places.of(actor, org), this.entries.head(actor, org)]);
      const from = place === null ? cursor : Math.max(place, this.settledOf(actor, org));
      const missed = from < cursor ? await this.between(actor, org, from, cursor) : [];
      if (place === null || place < cursor) await this.places.keep(actor, org, cursor);
      return { cursor, missed };
    });
  }

  /** Gives back what to do once the stream has closed. */
  enter(reader: AppReader): () => void {
    const pair = pairOf(reader.actor, reader.org);
    const readers = this.#open.get(pair) ?? new Set();
    this.#open.set(pair, readers.add(reader));
    this.#kept.set(reader, reader.cursor);
    return () => {
      readers.delete(reader);
      if (readers.size === 0 && this.#open.get(pair) === readers) this.#open.delete(pair);
      void this.keep(reader, reader.left());
    };
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.keepAll((reader) => reader.left());
  }

  private async keepAll(placeOf: (reader: AppReader) => number): Promise<void> {
    const all = [...this.#open.values()].flatMap((readers) => [...readers]);
    await Promise.all(all.map((reader) => this.keep(reader, placeOf(reader))));
  }

  /** A place that could not be kept is an older one: the app then hears of something twice. */
  private async keep(reader: AppReader, seq: number): Promise<void> {
    if (seq <= (this.#kept.get(reader) ?? -1)) return;
    this.#kept.set(reader, seq);
    const { actor, org } = reader;
    await this.#turns
      .take(pairOf(actor, org), () => this.places.keep(actor, org, seq))
      .catch(() => this.#kept.delete(reader));
  }

  /** How far the session's streams that still seem to be open here have certainly got. */
  private settledOf(actor: ActorContext, org: string): number {
    const readers = this.#open.get(pairOf(actor, org)) ?? [];
    return Math.max(-1, ...[...readers].map((reader) => reader.settled()));
  }

  private async between(actor: ActorContext, org: string, from: number, to: number): Promise<AppEvent[]> {
    const entries: AuditEntry[] = [];
    for (let after = Math.max(from, to - MOST_MISSED); after < to;) {
      const { items } = await this.entries.after(actor, org, after, PAGE);
      entries.push(...items.filter(({ seq }) => seq <= to));
      after = items.at(-1)?.seq ?? to;
    }
    return merged(entries.map((entry) => appEventOf(org, entry)).filter((event) => event !== undefined));
  }
}

const pairOf = ({ session = '' }: ActorContext, org: string): string => `${session} ${org}`;
