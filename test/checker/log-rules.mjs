// The log by itself: dense positions, dense versions, and one order in both.
import { denseFromOne, groupBy, streamOf, violation } from './rules.mjs';

/** @param {readonly import('./history.mjs').LogEvent[]} events */
export function* checkLog(events) {
  const positions = events.map(({ position }) => position);
  yield* denseFromOne(positions, 'position', 'log');
  for (const [id, same] of groupBy(events, (event) => event.id)) {
    if (same.length > 1) yield violation('event-id-twice', id);
  }
  for (const [stream, own] of groupBy(events, streamOf)) {
    const versions = own.map(({ version }) => version);
    yield* denseFromOne(versions, 'version', stream);
    const sorted = own.toSorted((a, b) => a.version - b.version);
    for (const [index, { version, position }] of sorted.entries()) {
      const before = sorted[index - 1]?.position ?? 0;
      if (position !== null && position < before)
        yield violation('position-against-version', `${stream}: ${version}`);
    }
  }
}
