// What a consumer recorded, against the log: one entry for each event, numbered densely, streams in order.
import { denseFromOne, groupBy, streamOf, violation } from './rules.mjs';

/**
 * @typedef {import('./history.mjs').Entry} Entry
 * @typedef {import('./history.mjs').Heard} Heard
 * @typedef {import('./history.mjs').LogEvent} LogEvent
 */

/**
 * A run without any consumer is held against the log like one whose consumer heard nothing.
 * @param {readonly LogEvent[]} events @param {readonly Entry[]} entries @param {readonly Heard[]} heard
 */
export function* checkConsumers(events, entries, heard) {
  const consumers = new Set([...entries, ...heard].map(({ consumer }) => consumer));
  for (const consumer of consumers.size > 0 ? consumers : ['no consumer']) {
    const own = entries.filter((entry) => entry.consumer === consumer);
    yield* checkEntries(consumer, events, own);
    yield* checkNumbers(consumer, events, own);
    yield* checkHeard(
      consumer,
      events,
      heard.filter((it) => it.consumer === consumer),
    );
  }
}

/** @param {string} consumer @param {readonly LogEvent[]} events @param {readonly Entry[]} entries */
function* checkEntries(consumer, events, entries) {
  const made = groupBy(entries, ({ event }) => event);
  for (const { id, org } of events) {
    const own = made.get(id) ?? [];
    made.delete(id);
    if (own.length === 0) yield violation('entry-missing', `${consumer}: event ${id}`);
    if (own.length > 1) yield violation('entry-twice', `${consumer}: event ${id}`);
    if (own.some((entry) => entry.org !== org))
      yield violation('entry-of-another-organization', `${consumer}: event ${id}`);
  }
  for (const id of made.keys()) yield violation('entry-without-event', `${consumer}: event ${id}`);
}

/** @param {string} consumer @param {readonly LogEvent[]} events @param {readonly Entry[]} entries */
function* checkNumbers(consumer, events, entries) {
  const byId = new Map(events.map((event) => [event.id, event]));
  const last = new Map();
  for (const [org, own] of groupBy(entries, (entry) => entry.org)) {
    yield* denseFromOne(
      own.map(({ seq }) => seq),
      'sequence',
      `${consumer} ${org}`,
    );
    for (const { event: id, seq } of own.toSorted((a, b) => a.seq - b.seq)) {
      const event = byId.get(id);
      if (!event) continue;
      const before = last.get(streamOf(event)) ?? 0;
      if (event.version < before)
        yield violation('entries-out-of-order', `${consumer} ${org}: number ${seq}`);
      last.set(streamOf(event), Math.max(before, event.version));
    }
  }
}

/** @param {string} consumer @param {readonly LogEvent[]} events @param {readonly Heard[]} heard */
function* checkHeard(consumer, events, heard) {
  const remembered = groupBy(heard, streamOf);
  for (const [stream, own] of groupBy(events, streamOf)) {
    const head = Math.max(...own.map(({ version }) => version));
    const versions = (remembered.get(stream) ?? []).map(({ version }) => version);
    remembered.delete(stream);
    if (versions.join() !== String(head)) {
      yield violation(
        'heard-wrong',
        `${consumer} ${stream}: ${versions.join(' and ') || 'nothing'} instead of ${head}`,
      );
    }
  }
  for (const stream of remembered.keys()) yield violation('heard-without-stream', `${consumer} ${stream}`);
}
