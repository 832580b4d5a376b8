const MOST = 80;

/** Input as it may appear in a message: escaped, in quotes, and never more of it than fits on a line. */
export function quoted(input: string): string {
  const text = [...input.slice(0, MOST + 1)]
    .map((sign) => (/[^\x20-\x7e]|["\\<>&]/.test(sign) ? `\\u{${sign.codePointAt(0)!.toString(16)}}` : sign))
    .join('');
  return text.length > MOST || input.length > MOST ? `"${text.slice(0, MOST)}…"` : `"${text}"`;
}
