/** One page of a list. `next` continues it and is null at its end. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}
