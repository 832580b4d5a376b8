import { DomainError, type SealedBlob } from '@tidemark/contracts';

/** Not one pattern for the whole: a document may have millions of digits. */
const isHex = (text: string) => text.length > 0 && text.length % 2 === 0 && !/[^0-9a-f]/.test(text);
const MOST_BYTES = 33_554_432;

const refused = (id: string) =>
  new DomainError(
    'INVALID_CIPHERTEXT',
    'A document is not encrypted as the app does it: iv, t, ad and d in lower-case hexadecimal digits. Nothing was saved.',
    [{ field: 'content', id: id.slice(0, 80) }],
  );

/** The text of an uploaded document to bytes; refuses every shape that the app does not write (obligation O19). */
export function sealedBlob(id: string, content: string): SealedBlob {
  const { iv, t, ad, d, ...others } = membersOf(id, content);
  const isShaped = digits(iv, 24) && digits(t, 32) && ad === '' && typeof d === 'string' && isHex(d);
  if (!isShaped || Object.keys(others).length > 0) throw refused(id);
  if (d.length > 2 * MOST_BYTES)
    throw new DomainError('TOO_LARGE', 'A document has more than 32 MiB. Make it smaller or split it.', [
      { id },
    ]);
  return { id, iv: bytes(iv), tag: bytes(t), data: bytes(d) };
}

/** Back to the app's own form: indented by two blanks, in its order. */
export const sealedText = ({ iv, tag, data }: SealedBlob): string =>
  JSON.stringify({ iv: hex(iv), t: hex(tag), ad: '', d: hex(data) }, null, 2);

const digits = (value: unknown, length: number): value is string =>
  typeof value === 'string' && value.length === length && isHex(value);

function membersOf(id: string, content: string): Record<string, unknown> {
  const value = parsed(content);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refused(id);
  return value as Record<string, unknown>;
}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

const bytes = (text: string): Uint8Array => Buffer.from(text, 'hex');
const hex = (value: Uint8Array): string =>
  Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex');
