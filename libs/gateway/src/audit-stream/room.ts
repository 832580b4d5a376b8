import type { AuditEntry, Page } from '@tidemark/contracts';
import type { Listener } from './listener.js';

const PAGE = 500;

/** Reads on behalf of whoever the listener belongs to. */
export type ReadEntries = (listener: Listener, limit: number) => Promise<Page<AuditEntry>>;

/**
 * The open streams of one organization. However many listen, new entries are fetched once: one fetch at a time, from
 * the place of the listener that is furthest behind.
 */
export class Room {
  readonly listeners = new Set<Listener>();
  #fetching: Promise<void> | undefined;
  #again = false;

  constructor(private readonly read: ReadEntries) {}

  /** Something may be new. Resolves when everybody has what there was to read. */
  look(): Promise<void> {
    this.#again = true;
    this.#fetching ??= this.fetch().finally(() => (this.#fetching = undefined));
    return this.#fetching;
  }

  private async fetch(): Promise<void> {
    while (this.#again && this.listeners.size > 0) {
      this.#again = false;
      const page = await this.read(this.furthestBehind(), PAGE);
      for (const entry of page.items) for (const listener of this.listeners) listener.tell(entry);
      if (page.next !== null) this.#again = true;
    }
  }

  private furthestBehind(): Listener {
    return [...this.listeners].reduce((behind, listener) =>
      listener.cursor < behind.cursor ? listener : behind,
    );
  }
}
