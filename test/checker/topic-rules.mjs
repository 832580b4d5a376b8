// The topic against the log: the same set, the same content, first deliveries of each stream in order.
import { canonical, groupBy, streamOf, violation } from './rules.mjs';

/** @typedef {import('./history.mjs').Content} Content */

/**
 * @param {readonly import('./history.mjs').LogEvent[]} events
 * @param {readonly import('./history.mjs').Message[]} messages
 */
export function* checkTopic(events, messages) {
  const byId = new Map(events.map((event) => [event.id, event]));
  const arrived = new Set(messages.map(({ id }) => id));
  for (const event of events) if (!arrived.has(event.id)) yield violation('not-on-topic', nameOf(event));
  for (const message of messages) {
    const event = byId.get(message.id);
    if (!event) yield violation('not-in-log', nameOf(message));
    else if (contentOf(event) !== contentOf(message)) yield violation('altered-on-topic', nameOf(event));
  }
  for (const [stream, own] of groupBy(messages, streamOf)) yield* checkOrder(stream, own);
}

const nameOf = (/** @type {Content} */ event) => `${streamOf(event)}: ${event.version} (${event.id})`;

/** @param {Content} content */
const contentOf = ({ id, org, stream, version, type, typeVersion, data, meta, at, position }) =>
  canonical({ id, org, stream, version, type, typeVersion, data, meta, at, position });

/** @param {string} stream @param {readonly import('./history.mjs').Message[]} messages */
function* checkOrder(stream, messages) {
  const partitions = groupBy(messages, ({ partition }) => String(partition));
  if (partitions.size > 1)
    yield violation('stream-on-two-partitions', `${stream}: ${[...partitions.keys()].join(', ')}`);
  for (const own of partitions.values()) {
    let last = 0;
    for (const { version, offset } of own.toSorted((a, b) => a.offset - b.offset)) {
      if (version > last + 1)
        yield violation('first-delivery-out-of-order', `${stream}: ${version} after ${last} at ${offset}`);
      last = Math.max(last, version);
    }
  }
}
