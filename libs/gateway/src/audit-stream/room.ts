import type { AuditEntry, Page } from '@tidemark/contracts';
import type { Reader } from './reader.js';

const PAGE = 500;

/** Reads on behalf of whoever the reader belongs to. */
export type ReadEntries = (reader: Reader, limit: number) => Promise<Page<AuditEntry>>;

/**
 * The open streams of one organization. However many listen, new entries are fetched once: one fetch at a time, from
 * the place of the listener that is furthest behind.
 */
export class Room {
  readonly listeners = new Set<Reader>();
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

  private furthestBehind(): Reader {
    return [...this.listeners].reduce((behind, listener) =>
      listener.cursor < behind.cursor ? listener : behind,
    );
  }
}
