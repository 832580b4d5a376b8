import { DEEPEST, WireFormatError } from './wire-format.js';

/**
 * Reads what `encode` wrote. Binary fields are views of `bytes`, not copies. Throws `WireFormatError` and nothing else:
 * no length is believed before the bytes behind it are there, and nothing is nested deeper than a message can be.
 */
export function decode(bytes: Uint8Array): unknown {
  const reader = new Reader(bytes);
  const value = reader.value(0);
  if (!reader.atEnd) throw new WireFormatError('There are bytes behind the end of the value.');
  return value;
}

class Reader {
  #at = 0;
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  readonly #buffer: Buffer;
  readonly #utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

  constructor(bytes: Uint8Array) {
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  value(depth: number): unknown {
    const head = this.#unsigned(1);
    if (head < 0x80) return head;
    if (head >= 0xe0) return head - 0x100;
    if (head < 0x90) return this.#object(head & 0x0f, depth);
    if (head < 0xa0) return this.#array(head & 0x0f, depth);
    if (head < 0xc0) return this.#text(head & 0x1f);
    return this.#sized(head, depth);
  }

  #sized(head: number, depth: number): unknown {
    switch (head) {
      case 0xc0:
        return null;
      case 0xc2:
      case 0xc3:
        return head === 0xc3;
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return this.#take(this.#unsigned(1 << (head - 0xc4)));
      case 0xcb:
        return this.#float();
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this.#unsigned(1 << (head - 0xcc));
      case 0xd2:
        return this.#unsigned(4) | 0;
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#text(this.#unsigned(1 << (head - 0xd9)));
      case 0xdc:
      case 0xdd:
        return this.#array(this.#unsigned(head === 0xdc ? 2 : 4), depth);
      case 0xde:
      case 0xdf:
        return this.#object(this.#unsigned(head === 0xde ? 2 : 4), depth);
      default:
        throw new WireFormatError(`There is a type that nobody here writes: 0x${head.toString(16)}.`);
    }
  }

  #array(count: number, depth: number): unknown[] {
    this.#mayHold(count, depth);
    const items: unknown[] = [];
    for (let i = 0; i < count; i++) items.push(this.value(depth + 1));
    return items;
  }

  #object(count: number, depth: number): Record<string, unknown> {
    this.#mayHold(count * 2, depth);
    const fields: Record<string, unknown> = {};
    for (let i = 0; i < count; i++) {
      const key = this.value(DEEPEST);
      if (typeof key !== 'string' || key === '__proto__' || Object.hasOwn(fields, key)) {
        throw new WireFormatError('There is a field whose name is not text, is given twice or is __proto__.');
      }
      fields[key] = this.value(depth + 1);
    }
    return fields;
  }

  /** Each item takes one byte at least. */
  #mayHold(count: number, depth: number): void {
    if (depth >= DEEPEST) throw new WireFormatError(`It is nested deeper than ${DEEPEST} levels.`);
    if (count > this.#bytes.length - this.#at) this.#tooShort();
  }

  #text(length: number): string {
    const at = this.#skip(length);
    const end = at + length;
    if (length <= SHORT && isAscii(this.#buffer, at, end)) return this.#buffer.toString('latin1', at, end);
    try {
      return this.#utf8.decode(this.#bytes.subarray(at, end));
    } catch {
      throw new WireFormatError('There is text that is not UTF-8.');
    }
  }

  #float(): number {
    const at = this.#skip(8);
    const value = this.#view.getFloat64(at);
    if (!Number.isFinite(value)) throw new WireFormatError('There is a number that is not finite.');
    return value;
  }

  #unsigned(width: number): number {
    const at = this.#skip(width);
    if (width === 1) return this.#view.getUint8(at);
    return width === 2 ? this.#view.getUint16(at) : this.#view.getUint32(at);
  }

  #take(length: number): Uint8Array {
    const at = this.#skip(length);
    return this.#bytes.subarray(at, at + length);
  }

  #skip(length: number): number {
    const at = this.#at;
    if (at + length > this.#bytes.length) this.#tooShort();
    this.#at = at + length;
    return at;
  }

  #tooShort(): never {
    throw new WireFormatError('It ends before it is complete.');
  }
}

/** Field names and ids are short and ASCII; for these looking at each byte costs less than a call into the decoder. */
const SHORT = 48;

function isAscii(bytes: Uint8Array, at: number, end: number): boolean {
  for (let i = at; i < end; i++) if (bytes[i]! >= 0x80) return false;
  return true;
}
