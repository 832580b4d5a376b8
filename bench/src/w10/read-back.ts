import { isDeepStrictEqual } from 'node:util';
import { payloadIndex } from './cell.js';
import type { Payload } from './payloads.js';
import type { ReadBack } from './side.js';

export interface Expectation {
  /** Per stream, the version that was acknowledged last. */
  readonly versions: Readonly<Record<string, number>>;
  readonly payloads: readonly Payload[];
  readonly dense: boolean;
}

const MOST_FAULTS = 5;

/** What a reader by position got against what was acknowledged: each event once, in order, with its content. */
export function faultsOf(read: readonly ReadBack[], { versions, payloads, dense }: Expectation): string[] {
  const faults: string[] = [];
  const reached = new Map<string, number>();
  const positions = new Set<number>();
  let last = 0;
  for (const { position, stream, version, data } of read) {
    if (dense && position !== last + 1) faults.push(`position ${position} follows ${last}`);
    if (positions.has(position)) faults.push(`position ${position} is there twice`);
    const before = reached.get(stream) ?? 0;
    if (version !== before + 1) faults.push(`version ${version} of ${stream} follows ${before}`);
    if (!isDeepStrictEqual(data, payloads[payloadIndex(stream, version, payloads.length)])) {
      faults.push(`version ${version} of ${stream} has another content`);
    }
    last = position;
    positions.add(position);
    reached.set(stream, version);
    if (faults.length >= MOST_FAULTS) return faults;
  }
  for (const [stream, version] of Object.entries(versions)) {
    if (reached.get(stream) !== version)
      faults.push(`${stream} ends at ${reached.get(stream) ?? 0} instead of ${version}`);
  }
  for (const stream of reached.keys()) if (!(stream in versions)) faults.push(`nobody wrote ${stream}`);
  return faults.slice(0, MOST_FAULTS);
}
