import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import type { Logger } from '@tidemark/runtime';
import { isObservable, lastValueFrom } from 'rxjs';
import type { EventHandler } from '../inbox/handler.js';
import { Inbox, type InboxOptions } from '../inbox/inbox.js';
import type { InboxStore } from '../inbox/inbox-store.js';
import type { EventSource } from './event-source.js';
import { EVENTS, hearingPattern } from './hears.decorator.js';
import { Hearing } from './hearing.js';

export interface EventsServerOptions {
  /** Whose methods it calls, by the name in `@Hears`. */
  readonly consumer: string;
  /** Who brings what the handlers hear, by the name in `@Hears`. */
  readonly sources: Readonly<Record<string, EventSource>>;
  readonly store: InboxStore;
  /** After something of an organization was heard and is kept. */
  readonly onHeard?: (org: string) => void;
  readonly logger: Logger;
  /** Called once when a source brings nothing any more although something waits. The process should end. */
  readonly onStalled: (reason: string) => void;
  readonly stallLimitMs?: number;
  readonly joiningMs?: number;
  readonly retries?: InboxOptions['retries'];
}

/** Nest finds the methods marked with `@Hears`; this brings them their events. */
export class EventsServer extends Server implements CustomTransportStrategy {
  override readonly transportId = EVENTS;
  private readonly hearings = new Map<string, Hearing>();

  constructor(private readonly options: EventsServerOptions) {
    super();
  }

  /** One consumer hears a source once: two handlers would need two inboxes. */
  override addHandler(pattern: string, callback: MessageHandler, isEventHandler = false, extras = {}): void {
    if (this.messageHandlers.has(this.normalizePattern(pattern)))
      throw new Error(`Two methods hear ${pattern}.`);
    super.addHandler(pattern, callback, isEventHandler, extras);
  }

  listen(done: (error?: unknown) => void): void {
    this.startAll().then(() => done(), done);
  }

  /** Finishes what is in hand. */
  async close(): Promise<void> {
    await Promise.all([...this.hearings.values()].map((hearing) => hearing.stop()));
  }

  /** For readiness: nothing while all is well. */
  get problem(): string | undefined {
    return [...this.hearings.values()].map(({ problem }) => problem).find((problem) => problem !== undefined);
  }

  /** By the name of the source; for the operator's replay. */
  inbox(source: string): Inbox | undefined {
    return this.hearings.get(source)?.inbox;
  }

  on(): void {
    throw new Error('An EventsServer has no events of its own.');
  }

  unwrap<T>(): T {
    return this.hearings as T;
  }

  private isOwn(pattern: string): boolean {
    return pattern.startsWith(hearingPattern(this.options.consumer, ''));
  }

  private async startAll(): Promise<void> {
    const { sources, consumer, ...options } = this.options;
    for (const [source, brings] of Object.entries(sources)) {
      const handler = this.messageHandlers.get(hearingPattern(consumer, source));
      if (!handler) throw new Error(`No method of ${consumer} hears ${source}.`);
      const inbox = new Inbox({ ...options, source, hear: called(handler) });
      this.hearings.set(source, new Hearing({ ...options, name: source, source: brings, inbox }));
    }
    const unheard = [...this.messageHandlers.keys()].filter((pattern) => this.isOwn(pattern)).length;
    if (unheard > this.hearings.size) throw new Error(`A method of ${consumer} hears what nothing brings.`);
    for (const hearing of this.hearings.values()) await hearing.start();
  }
}

/** Guards, interceptors and the like may answer with a stream; its failure is the handler's. */
const called =
  (handler: MessageHandler): EventHandler =>
  async (events, tx) => {
    const answer: unknown = await handler(events, tx);
    if (isObservable(answer)) await lastValueFrom(answer, { defaultValue: undefined });
  };
