// What clients were told, against what the log says.
import { groupBy, streamOf, violation } from './rules.mjs';

/**
 * @typedef {import('./history.mjs').LogEvent} LogEvent
 * @typedef {import('./history.mjs').Request} Request
 * @typedef {ReturnType<typeof changeOf>} Change
 */

/** @param {readonly Request[]} requests @param {readonly LogEvent[]} events */
export function* checkRequests(requests, events) {
  const tries = groupBy(requests, ({ mark }) => mark);
  const changes = new Map([...tries].map(([mark, own]) => [mark, changeOf(own)]));
  const written = groupBy(events, ({ mark }) => mark);
  for (const [mark, change] of changes) yield* checkChange(mark, change, written.get(mark) ?? []);
  for (const [mark, own] of written) {
    if (!changes.has(mark)) yield violation('nobody-asked', mark);
    if (own.length > 1) yield violation('change-twice', mark);
  }
  yield* checkRealTime(changes, events);
}

/** One acknowledgement makes a change acknowledged; else one unknown end leaves both open. @param {Request[]} tries */
function changeOf(tries) {
  const acknowledged = tries.filter(({ outcome }) => outcome === 'acknowledged');
  return {
    acknowledged,
    refused: tries.every(({ outcome }) => outcome === 'refused'),
    from: Math.min(...tries.map(({ from }) => from)),
    to: Math.min(...acknowledged.map(({ to }) => to)),
  };
}

/** @param {string} mark @param {Change} change @param {readonly LogEvent[]} events */
function* checkChange(mark, { refused, acknowledged }, events) {
  if (refused && events.length > 0) yield violation('refused-applied', mark);
  if (acknowledged.length > 0 && events.length === 0) yield violation('acknowledged-lost', mark);
  for (const event of events) {
    const wrong = acknowledged.find(({ org = event.org }) => org !== event.org);
    if (wrong)
      yield violation('wrong-organization', `${mark}: in ${event.org}, acknowledged for ${wrong.org}`);
    const other = acknowledged.find(({ version = event.version }) => version !== event.version);
    if (other)
      yield violation('wrong-version', `${mark}: ${event.version}, acknowledged as ${other.version}`);
  }
}

/**
 * A change acknowledged before another was first asked for stands before it in their stream.
 * @param {ReadonlyMap<string, Change>} changes @param {readonly LogEvent[]} events
 */
function* checkRealTime(changes, events) {
  for (const [stream, own] of groupBy(events, streamOf)) {
    let latestStart = -Infinity;
    for (const { mark, version } of own.toSorted((a, b) => a.version - b.version)) {
      const { from, to } = changes.get(mark) ?? { from: -Infinity, to: Infinity };
      if (to < latestStart) yield violation('against-real-time', `${stream}: ${version}`);
      latestStart = Math.max(latestStart, from);
    }
  }
}
