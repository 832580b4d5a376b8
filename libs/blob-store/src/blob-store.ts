import { DomainError } from '@tidemark/contracts';

/** A part of a pack, in bytes. */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/**
 * Packs: immutable, each under a name that was never used before and is never used again.
 *
 * What cannot be reached or has no room is UNAVAILABLE, and whether anything was saved can be told by asking again. What was
 * acknowledged once and is not there any more, or is shorter than it was, is INTEGRITY; no bytes are made up for it.
 */
export interface BlobStore {
  /**
   * Creates. When it resolves the pack is on disk and every later read sees it, whole. A name that is taken is refused
   * with CONFLICT and left as it is, unless the content is the same: then it is the repeat of a call whose reply was lost.
   */
  put(name: string, bytes: Uint8Array): Promise<void>;

  /** Parts of one pack, in the order asked for, each exactly as long as asked. Parts that lie close are read in one go. */
  read(name: string, ranges: readonly ByteRange[]): Promise<Uint8Array[]>;

  readWhole(name: string): Promise<Uint8Array>;

  /** In bytes; undefined when there is no such pack. */
  size(name: string): Promise<number | undefined>;
}

const NAME = /^[0-9a-z]{1,64}(\/[0-9a-z]{1,64}){0,3}$/;

/** Names become paths and URLs, so only plain ones are let through. */
export function plainPackName(name: string): string {
  if (!NAME.test(name)) throw new Error('The name of a pack must be up to four parts of a–z and 0–9.');
  return name;
}

export const packTaken = () => new DomainError('CONFLICT', 'There is another pack of this name.');

export const packDamaged = (cause?: unknown) =>
  new DomainError('INTEGRITY', 'What is stored is damaged.', [], { cause });
