import { stepOf, payloadIndex, type Cell } from './cell.js';
import type { Payload } from './payloads.js';
import type { Side, Written } from './side.js';

/** All writers at once, each with one append under way. */
export async function write(
  side: Side,
  cell: Cell,
  phase: string,
  appends: number,
  payloads: readonly Payload[],
): Promise<Written> {
  const versions: Record<string, number> = {};
  const latencies: number[] = [];
  const began = performance.now();
  const writer = async (number: number): Promise<void> => {
    for (let n = 0; n < appends / cell.writers; n++) {
      const start = performance.now();
      if (start - began > cell.mostMs) return;
      const { stream, expected } = stepOf(cell, phase, number, n);
      await side.append(number, stream, expected, payloadsOf(cell, stream, expected, payloads));
      versions[stream] = expected + cell.eventsPerAppend;
      latencies.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: cell.writers }, (_, number) => writer(number)));
  return { appends: latencies.length, versions, ms: performance.now() - began, latencies };
}

const payloadsOf = (cell: Cell, stream: string, expected: number, payloads: readonly Payload[]): Payload[] =>
  Array.from(
    { length: cell.eventsPerAppend },
    (_, n) => payloads[payloadIndex(stream, expected + n + 1, payloads.length)]!,
  );
