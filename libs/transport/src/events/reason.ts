/** For people: one line, no control characters, not too long. */
export function reasonOf(error: unknown): string {
  const { name, message } = asError(error);
  return `${name}: ${message}`.replace(/[\p{Cc}\p{Cs}]+/gu, ' ').slice(0, 300);
}

/** Whatever was thrown. An error of another realm is one too. */
export const asError = (error: unknown): Error => (isError(error) ? error : new Error(String(error)));

const isError = (value: unknown): value is Error =>
  value instanceof Error ||
  (typeof value === 'object' && value !== null && 'name' in value && 'message' in value);
