/** JSON as Postgres gives it back: keys by length, then by their bytes. Nobody may rely on the order they had. */
export function asJsonb(json: string): object {
  return JSON.parse(json, (_key, value: unknown) => (isPlain(value) ? reordered(value) : value)) as object;
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const reordered = (value: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(value).sort(
      ([a], [b]) =>
        Buffer.byteLength(a) - Buffer.byteLength(b) || Buffer.compare(Buffer.from(a), Buffer.from(b)),
    ),
  );
