export type Field = number | string;

/** Three digits that count are all that a measurement on a shared machine can claim. */
export function short(value: Field): string {
  if (typeof value === 'string') return value;
  if (!Number.isFinite(value)) return 'unknown';
  if (Math.abs(value) >= 100) return String(Math.round(value));
  return String(Number(value.toPrecision(3)));
}

const fieldsOf = (fields: Readonly<Record<string, Field>>): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name}=${short(value)}`)
    .join(' ');

/** `BENCH W10 ratio=3.51 …`, with plain words such as `noisy` at its end. */
export const benchLine = (
  name: string,
  fields: Readonly<Record<string, Field>>,
  words: readonly string[] = [],
): string => ['BENCH', name, fieldsOf(fields), ...words].join(' ');

/** `  1x32 emmett-postgresql events_s=3027 …`: what a line above was made of. */
export const detailLine = (about: string, fields: Readonly<Record<string, Field>>): string =>
  `  ${about} ${fieldsOf(fields)}`;
