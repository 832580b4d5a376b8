import type { Tx } from '@tidemark/runtime';

/** Each row as text, its keys in one fixed order. */
export type Dump = ReadonlyMap<string, readonly string[]>;

export async function dump(
  tx: Tx,
  tables: readonly string[],
  nameOf: (table: string) => string,
): Promise<Dump> {
  const dumped = new Map<string, readonly string[]>();
  for (const table of tables) {
    const sql = `select to_jsonb(t)::text as line from ${nameOf(table)} t`;
    const rows = await tx.query<{ line: string }>(sql);
    dumped.set(
      table,
      rows.map(({ line }) => line),
    );
  }
  return dumped;
}

export const rowsIn = (dumped: Dump): number =>
  [...dumped.values()].reduce((sum, { length }) => sum + length, 0);

/** `+` is only live, `-` only rebuilt. Rows that are there several times are counted. */
export function differences(live: Dump, rebuilt: Dump): string[] {
  return [...live.keys()].flatMap((table) => {
    const counts = new Map<string, number>();
    for (const line of live.get(table) ?? []) counts.set(line, (counts.get(line) ?? 0) + 1);
    for (const line of rebuilt.get(table) ?? []) counts.set(line, (counts.get(line) ?? 0) - 1);
    return [...counts]
      .filter(([, count]) => count !== 0)
      .map(([line, count]) => `${count > 0 ? '+' : '-'} ${table} ${line}`);
  });
}
