import type { Database, KeyRing } from '@tidemark/runtime';

/**
 * The version of the key ring that hashes are made with: the one that was current at the first start. A look-up finds
 * only what was hashed with the same key, so a newer current key must not be taken for it.
 */
export async function keyVersion(db: Database, { current }: KeyRing): Promise<string> {
  const rows = await db.tx({}, (tx) =>
    tx.query<{ key_version: string }>(
      'update installation set key_version = coalesce(key_version, $1) returning key_version',
      [current],
    ),
  );
  return rows[0]!.key_version;
}
