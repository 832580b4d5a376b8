import { packDamaged } from '@tidemark/blob-store';

/** Writes whole numbers in as few bytes as they need, text with its length, ids of 20 bytes as they are. */
export class ByteWriter {
  #buffer = Buffer.allocUnsafe(256);
  #length = 0;

  number(value: number): this {
    this.#grow(8);
    let rest = value;
    while (rest >= 0x80) {
      this.#buffer[this.#length++] = (rest & 0x7f) | 0x80;
      rest = Math.floor(rest / 128);
    }
    this.#buffer[this.#length++] = rest;
    return this;
  }

  text(value: string): this {
    const length = Buffer.byteLength(value);
    this.number(length).#grow(length);
    this.#length += this.#buffer.write(value, this.#length);
    return this;
  }

  id(hex: string): this {
    this.#grow(20);
    this.#length += this.#buffer.write(hex, this.#length, 20, 'hex');
    return this;
  }

  done(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  #grow(more: number): void {
    if (this.#length + more <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + more));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}

/** Reads it back. Whatever does not fit is INTEGRITY: these bytes were written here. */
export class ByteReader {
  #at = 0;

  constructor(private readonly bytes: Buffer) {}

  get atEnd(): boolean {
    return this.#at === this.bytes.length;
  }

  number(): number {
    let [value, scale] = [0, 1];
    for (;;) {
      const byte = this.bytes[this.#at++];
      if (byte === undefined || scale > 2 ** 42) throw packDamaged();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
  }

  text(): string {
    const length = this.number();
    return this.#take(length).toString();
  }

  id(): string {
    return this.#take(20).toString('hex');
  }

  #take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.bytes.length) throw packDamaged();
    const part = this.bytes.subarray(this.#at, end);
    this.#at = end;
    return part;
  }
}
