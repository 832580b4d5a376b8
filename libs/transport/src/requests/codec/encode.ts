import { measure } from './measure.js';

/**
 * MessagePack, restricted to JSON's values and bytes. The buffer is made once in its size, so a binary field of many
 * megabytes is copied once. Throws `WireFormatError` for what cannot travel.
 */
export function encode(value: unknown): Uint8Array {
  const buffer = Buffer.allocUnsafe(measure(value));
  const end = new Writer(buffer).write(value, 0);
  return new Uint8Array(buffer.buffer, buffer.byteOffset, end);
}

class Writer {
  constructor(private readonly out: Buffer) {}

  write(value: unknown, at: number): number {
    if (value === null || value === undefined) return this.out.writeUInt8(0xc0, at);
    if (typeof value === 'boolean') return this.out.writeUInt8(value ? 0xc3 : 0xc2, at);
    if (typeof value === 'number') return this.#number(value, at);
    if (typeof value === 'string') return this.#text(value, at);
    if (value instanceof Uint8Array) return this.#binary(value, at);
    if (Array.isArray(value)) return this.#array(value, at);
    return this.#object(value as Record<string, unknown>, at);
  }

  #number(value: number, at: number): number {
    if (!Number.isInteger(value) || Object.is(value, -0)) return this.#float(value, at);
    if (value >= -32 && value < 0x80) return this.out.writeInt8(value, at);
    if (value >= 0 && value <= 0xffffffff) return this.#unsigned(value, at);
    if (value < 0 && value >= -0x80000000) return this.out.writeInt32BE(value, this.out.writeUInt8(0xd2, at));
    return this.#float(value, at);
  }

  #unsigned(value: number, at: number): number {
    if (value <= 0xff) return this.out.writeUInt8(value, this.out.writeUInt8(0xcc, at));
    if (value <= 0xffff) return this.out.writeUInt16BE(value, this.out.writeUInt8(0xcd, at));
    return this.out.writeUInt32BE(value, this.out.writeUInt8(0xce, at));
  }

  #float(value: number, at: number): number {
    return this.out.writeDoubleBE(value, this.out.writeUInt8(0xcb, at));
  }

  #text(text: string, at: number): number {
    const length = Buffer.byteLength(text);
    at = length < 32 ? this.out.writeUInt8(0xa0 | length, at) : this.#length(length, 0xd9, at);
    return at + this.out.write(text, at);
  }

  #binary(bytes: Uint8Array, at: number): number {
    at = this.#length(bytes.length, 0xc4, at);
    this.out.set(bytes, at);
    return at + bytes.length;
  }

  #array(items: readonly unknown[], at: number): number {
    at = this.#count(items.length, 0x90, 0xdc, at);
    for (const item of items) at = this.write(item, at);
    return at;
  }

  #object(fields: Record<string, unknown>, at: number): number {
    const present = Object.keys(fields).filter((key) => fields[key] !== undefined);
    at = this.#count(present.length, 0x80, 0xde, at);
    for (const key of present) at = this.write(fields[key], this.#text(key, at));
    return at;
  }

  /** Heads with a length of one, two or four bytes are three in a row. */
  #length(length: number, head: number, at: number): number {
    if (length <= 0xff) return this.out.writeUInt8(length, this.out.writeUInt8(head, at));
    if (length <= 0xffff) return this.out.writeUInt16BE(length, this.out.writeUInt8(head + 1, at));
    return this.out.writeUInt32BE(length, this.out.writeUInt8(head + 2, at));
  }

  #count(count: number, tiny: number, head: number, at: number): number {
    if (count < 16) return this.out.writeUInt8(tiny | count, at);
    if (count <= 0xffff) return this.out.writeUInt16BE(count, this.out.writeUInt8(head, at));
    return this.out.writeUInt32BE(count, this.out.writeUInt8(head + 1, at));
  }
}
