// What clients read of one branch, against what they pushed to it and against each other.
import { violation } from './rules.mjs';

/**
 * @typedef {import('./branch-history.mjs').Push} Push
 * @typedef {import('./branch-history.mjs').Read} Read
 * @typedef {import('./push-rules.mjs').Element} Element
 * @typedef {ReadonlyMap<string, Element>} Elements
 */

/** @param {string} branch @param {readonly Read[]} reads @param {Elements} elements @param {readonly Push[]} pushes */
export function* checkEachRead(branch, reads, elements, pushes) {
  const wholes = wholesOf(pushes);
  for (const read of reads) {
    const where = `${branch} read at ${read.from}`;
    const present = new Set(read.ids);
    if (present.size < read.ids.length) yield violation('element-twice', where);
    for (const [index, id] of read.ids.entries())
      yield* checkElement(where, read, elements.get(id), id, read.ids[index - 1] ?? null);
    for (const whole of wholes) {
      const found = whole.filter((id) => present.has(id)).length;
      if (found > 0 && found < whole.length)
        yield violation('push-torn', `${where}: ${found} of ${whole.join(', ')}`);
    }
  }
}

/** @param {string} where @param {Read} read @param {Element | undefined} element @param {string} id @param {string | null} before */
function* checkElement(where, read, element, id, before) {
  if (!element) {
    yield violation('nobody-pushed', `${where}: ${id}`);
    return;
  }
  if (element.outcome === 'failed') yield violation('failed-present', `${where}: ${id}`);
  if (element.from > read.to) yield violation('read-before-push', `${where}: ${id}`);
  if (!element.parents.has(before))
    yield violation('not-after-its-parent', `${where}: ${id} after ${before}`);
}

/**
 * The elements that only one list of ids, however often tried, brought along: they come together or not at all.
 * @param {readonly Push[]} pushes
 */
function wholesOf(pushes) {
  const lists = new Map(pushes.map(({ ids }) => [ids.join(), ids]));
  /** @type {Map<string, number>} */
  const carriers = new Map();
  for (const id of [...lists.values()].flat()) carriers.set(id, (carriers.get(id) ?? 0) + 1);
  return [...lists.values()]
    .map((ids) => ids.filter((id) => carriers.get(id) === 1))
    .filter((ids) => ids.length > 1);
}

/**
 * All lists are prefixes of one, no list is shorter than one read before it, and what was acknowledged before
 * something else was asked for stands before it.
 * @param {string} branch @param {readonly Read[]} reads in the order in which they began @param {Elements} elements
 */
export function* checkReadsTogether(branch, reads, elements) {
  const longest = reads.reduce(
    (most, { ids }) => (ids.length > most.length ? ids : most),
    /** @type {string[]} */ ([]),
  );
  for (const { ids, from } of reads) {
    const index = ids.findIndex((id, at) => id !== longest[at]);
    if (index >= 0)
      yield violation(
        'not-a-prefix',
        `${branch} read at ${from}: ${ids[index]} instead of ${longest[index]}`,
      );
  }
  yield* checkNeverShorter(branch, reads);
  yield* checkRealTime(branch, longest, elements);
}

/** @param {string} branch @param {readonly Read[]} reads in the order in which they began */
function* checkNeverShorter(branch, reads) {
  const ended = reads.toSorted((a, b) => a.to - b.to);
  let [most, next] = [0, 0];
  for (const { ids, from } of reads) {
    for (; (ended[next]?.to ?? Infinity) < from; next++) most = Math.max(most, ended[next]?.ids.length ?? 0);
    if (ids.length < most)
      yield violation('read-went-back', `${branch} read at ${from}: ${ids.length} after ${most}`);
  }
}

/** @param {string} branch @param {readonly string[]} ids @param {Elements} elements */
function* checkRealTime(branch, ids, elements) {
  let latestStart = -Infinity;
  for (const id of ids) {
    const { from, to } = elements.get(id) ?? { from: -Infinity, to: Infinity };
    if (to < latestStart) yield violation('against-real-time', `${branch}: ${id}`);
    latestStart = Math.max(latestStart, from);
  }
}

/**
 * Each acknowledged element is in every read that begins later, and there is such a read.
 * @param {string} branch @param {readonly Read[]} reads @param {Elements} elements
 */
export function* checkSeenAgain(branch, reads, elements) {
  const seen = reads.map(({ from, ids }) => ({ from, ids: new Set(ids) }));
  for (const { id, outcome, to } of elements.values()) {
    if (outcome !== 'ok') continue;
    const later = seen.filter(({ from }) => from > to);
    const without = later.filter(({ ids }) => !ids.has(id));
    if (later.length === 0) yield violation('never-read-again', `${branch}: ${id}`);
    if (without.length > 0)
      yield violation(
        'acknowledged-lost',
        `${branch}: ${id} in ${without.length} of ${later.length} later reads`,
      );
  }
}
