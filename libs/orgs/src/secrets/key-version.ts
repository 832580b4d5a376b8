import { StartError, type Database, type KeyRing } from '@tidemark/runtime';

/**
 * The version of the key ring that hashes are made with: the one that was current at the first start. A look-up finds
 * only what was hashed with the same key, so a newer current key must not be taken for it.
 */
export async function keyVersion(db: Database, keys: KeyRing): Promise<string> {
  const rows = await db.tx({}, (tx) =>
    tx.query<{ key_version: string }>(
      'update installation set key_version = coalesce(key_version, $1) returning key_version',
      [keys.current],
    ),
  );
  return present(keys, rows[0]!.key_version);
}

function present(keys: KeyRing, version: string): string {
  try {
    keys.derive('orgs', version);
    return version;
  } catch (cause) {
    const what = `TIDEMARK_KEYS_URL has no key ${version}, with which the accounts here were made. Put it back.`;
    throw new StartError('configuration', what, { cause });
  }
}
