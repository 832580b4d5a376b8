import { packDamaged, type ByteRange } from './blob-store.js';

/** A stretch that is read in one go, and which of the ranges asked for lie in it. */
interface Stretch {
  offset: number;
  end: number;
  readonly asked: number[];
}

/** A few bytes too many cost less than another round trip: `gap` says how many. */
export function stretchesOf(ranges: readonly ByteRange[], gap: number): Stretch[] {
  const order = ranges.map((_, index) => index).sort((a, b) => ranges[a]!.offset - ranges[b]!.offset);
  const stretches: Stretch[] = [];
  for (const index of order) {
    const { offset, length } = ranges[index]!;
    const last = stretches.at(-1);
    if (last && offset - last.end <= gap) {
      last.end = Math.max(last.end, offset + length);
      last.asked.push(index);
    } else stretches.push({ offset, end: offset + length, asked: [index] });
  }
  return stretches;
}

/** Reads stretch by stretch and gives each range its part. */
export async function readMerged(
  ranges: readonly ByteRange[],
  gap: number,
  read: (range: ByteRange) => Promise<Uint8Array>,
): Promise<Uint8Array[]> {
  const parts = new Array<Uint8Array>(ranges.length);
  for (const { offset, end, asked } of stretchesOf(ranges, gap)) {
    const bytes = await read({ offset, length: end - offset });
    if (bytes.length !== end - offset) throw packDamaged();
    for (const index of asked) {
      const { offset: from, length } = ranges[index]!;
      parts[index] = bytes.subarray(from - offset, from - offset + length);
    }
  }
  return parts;
}
