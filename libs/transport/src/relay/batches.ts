import type { LogEvent } from '@tidemark/contracts';

/** In one send, all partitions together: far below what a topic takes in one batch. */
const BYTES = 512 * 1024;

/** One event that is larger travels alone. */
export function* inBatches(events: readonly LogEvent[], most = BYTES): Generator<LogEvent[]> {
  let batch: LogEvent[] = [];
  let bytes = 0;
  for (const event of events) {
    const size = sizeOf(event);
    if (batch.length > 0 && bytes + size > most) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(event);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

const sizeOf = ({ data }: LogEvent): number => Buffer.byteLength(JSON.stringify(data)) + 1_000;
