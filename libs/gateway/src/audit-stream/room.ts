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
    while (this.#again) {
      this.#again = false;
      const behind = this.furthestBehind();
      if (!behind) return;
      const page = await this.read(behind, PAGE);
      for (const entry of page.items) for (const listener of this.listeners) listener.tell(entry);
      if (page.next !== null) this.#again = true;
    }
  }

  /** One that is closed takes nothing more: waiting for it to catch up would never end. */
  private furthestBehind(): Reader | undefined {
    return [...this.listeners]
      .filter(({ closed }) => !closed)
      .reduce<Reader | undefined>(
        (behind, listener) => (behind && behind.cursor <= listener.cursor ? behind : listener),
        undefined,
      );
  }
}
