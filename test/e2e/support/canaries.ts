import { appendFileSync } from 'node:fs';

/**
 * `secret`: tokens, passphrases, codes and what follows from them, private keys. `document`: what stood in a document before
 * it was encrypted. Neither may be found in anything that the product keeps or says. `personal`: only in the tables that are
 * meant for it, and in mails. `visible`: must be found, in a table and in a log, or the search has not looked.
 */
export type CanaryKind = 'secret' | 'document' | 'personal' | 'visible';

/** Below this a value turns up by chance. */
const SHORTEST = 12;

/**
 * Remembers what must not be found. After the last test of the tier the harness searches the database, blobs, Kafka, logs
 * and metrics for it (search-for-canaries.mjs).
 */
export function plant(kind: CanaryKind, ...values: string[]): void {
  const file = process.env['TIDEMARK_TEST_CANARIES'];
  for (const value of values) {
    if (value.length < SHORTEST)
      throw new Error(`${kind} of ${value.length} characters is too short to search for`);
    if (file !== undefined) appendFileSync(file, `${JSON.stringify({ kind, value })}\n`);
  }
}
