import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One message as it lies on the broker's disk. */
export interface StoredMessage {
  partition: number;
  offset: number;
  key: string | null;
  headers: Record<string, string>;
  value: string;
}

/**
 * Reads a topic from the broker's own files, with no client between: neither the one of the product nor another that
 * could skip or repeat. To be called when nothing is written any more. Record batches of format 2, uncompressed.
 */
export function storedMessages(logDir: string, topic: string): StoredMessage[] {
  const partitions = readdirSync(logDir).flatMap((name) => {
    const [, number] = new RegExp(`^${topic.replaceAll('.', '\\.')}-(\\d+)$`).exec(name) ?? [];
    return number === undefined ? [] : [Number(number)];
  });
  if (partitions.length === 0) throw new Error(`the broker has no topic ${topic} in ${logDir}`);
  return partitions
    .sort((a, b) => a - b)
    .flatMap((partition) => {
      const folder = join(logDir, `${topic}-${partition}`);
      const segments = readdirSync(folder)
        .filter((name) => name.endsWith('.log'))
        .sort();
      return segments.flatMap((name) => batches(readFileSync(join(folder, name)), partition));
    });
}

const HEADER_BYTES = 61;

function batches(file: Buffer, partition: number): StoredMessage[] {
  const messages: StoredMessage[] = [];
  for (let at = 0; at + HEADER_BYTES <= file.length;) {
    const size = 12 + file.readInt32BE(at + 8);
    if (size <= 12) break;
    const batch = file.subarray(at, at + size);
    messages.push(...records(batch, Number(batch.readBigInt64BE(0)), partition));
    at += size;
  }
  return messages;
}

function records(batch: Buffer, baseOffset: number, partition: number): StoredMessage[] {
  const attributes = batch.readInt16BE(21);
  if (batch.readInt8(16) !== 2 || (attributes & 7) !== 0)
    throw new Error('a batch of an unknown format, or compressed');
  const cursor = new Cursor(batch, HEADER_BYTES);
  const count = batch.readInt32BE(57);
  return (attributes & 0x20) !== 0
    ? []
    : Array.from({ length: count }, () => record(cursor, baseOffset, partition));
}

function record(cursor: Cursor, baseOffset: number, partition: number): StoredMessage {
  cursor.varint(); // its length
  cursor.skip(1); // attributes
  cursor.varint(); // time
  const offset = baseOffset + cursor.varint();
  const key = cursor.text();
  const value = cursor.text() ?? '';
  const headers: Record<string, string> = {};
  for (let left = cursor.varint(); left > 0; left--) headers[cursor.text() ?? ''] = cursor.text() ?? '';
  return { partition, offset, key, headers, value };
}

class Cursor {
  constructor(
    private readonly bytes: Buffer,
    private at: number,
  ) {}

  skip(count: number): void {
    this.at += count;
  }

  /** Zigzag, seven bits a byte. Bit operations would lose what is above 32 bits. */
  varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.bytes.readUInt8(this.at++);
      value += (byte % 128) * scale;
      if (byte < 128) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
  }

  text(): string | null {
    const length = this.varint();
    if (length < 0) return null;
    this.at += length;
    return this.bytes.toString('utf8', this.at - length, this.at);
  }
}
