import { sha1 } from '@noble/hashes/legacy.js';
import { toHex, utf8 } from './bytes.js';

/** Parent of the first snapshot. */
export const noParent = '0'.repeat(40);

/** Branch, message, author, time and the names of documents play no part in it. */
export const snapshotId = (file: string, parent: string, blobIds: readonly string[]): string =>
  toHex(sha1(utf8(file + parent + [...blobIds].sort().join(''))));
