/** What one append may hold. Larger things belong into the blob store; an event announces them. */
export const limits = {
  /** Bytes of the JSON of one event's data, and of the folded state. */
  json: 1024 * 1024,
  events: 1_000,
  /** Bytes of everything in one append. */
  append: 8 * 1024 * 1024,
  /** Characters of the name of a stream, and of the ids in `meta`. */
  name: 200,
} as const;
