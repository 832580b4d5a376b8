// What clients were told about their pushes to one branch, by itself.
import { violation } from './rules.mjs';

/**
 * @typedef {import('./branch-history.mjs').Push} Push
 * @typedef {{ id: string, parents: Set<string | null>, outcome: Push['outcome'], from: number, to: number }} Element
 *   from: when it was first asked for; to: when it was first acknowledged, or Infinity
 */

/** @param {readonly Push[]} pushes @returns {Map<string, Element>} */
export function elementsOf(pushes) {
  /** @type {Map<string, Element>} */
  const elements = new Map();
  for (const { parent, ids, outcome, from, to } of pushes) {
    for (const [index, id] of ids.entries()) {
      const known = elements.get(id);
      elements.set(id, {
        id,
        parents: new Set([...(known?.parents ?? []), ids[index - 1] ?? parent]),
        outcome: known ? either(known.outcome, outcome) : outcome,
        from: Math.min(from, known?.from ?? Infinity),
        to: Math.min(outcome === 'ok' ? to : Infinity, known?.to ?? Infinity),
      });
    }
  }
  return elements;
}

/**
 * One acknowledgement makes an element acknowledged; else one unknown end leaves both open.
 * @param {Push['outcome']} a @param {Push['outcome']} b
 */
function either(a, b) {
  if (a === 'ok' || b === 'ok') return 'ok';
  return a === 'unknown' || b === 'unknown' ? 'unknown' : 'failed';
}

/** @param {string} branch @param {readonly Push[]} pushes @param {ReadonlyMap<string, Element>} elements */
export function* checkPushes(branch, pushes, elements) {
  /** @type {Map<string | null, string[]>} */
  const winners = new Map();
  for (const { id, parents, outcome } of elements.values()) {
    if (parents.size > 1)
      yield violation('two-parents', `${branch}: ${id} after ${[...parents].join(' and ')}`);
    if (outcome !== 'ok') continue;
    for (const parent of parents) winners.set(parent, [...(winners.get(parent) ?? []), id]);
  }
  for (const [parent, ids] of winners)
    if (ids.length > 1) yield violation('two-winners', `${branch}: ${ids.join(' and ')} after ${parent}`);
  yield* checkConflicts(branch, pushes, elements);
}

/**
 * A conflict needs somebody to be in conflict with. Judged only where the parent itself is sure to have been there.
 * @param {string} branch @param {readonly Push[]} pushes @param {ReadonlyMap<string, Element>} elements
 */
function* checkConflicts(branch, pushes, elements) {
  /** @type {Map<string | null, number>} */
  const continued = new Map();
  for (const { parent, ids, outcome, from } of pushes) {
    if (outcome === 'failed') continue;
    for (const before of [parent, ...ids.slice(0, -1)])
      continued.set(before, Math.min(from, continued.get(before) ?? Infinity));
  }
  for (const { parent, ids, code, from, to } of pushes) {
    if (code !== 'HISTORY_CONFLICT') continue;
    const stood = parent === null || (elements.get(parent)?.to ?? Infinity) < from;
    const rival = (continued.get(parent) ?? Infinity) <= to;
    if (stood && !rival) yield violation('conflict-with-nobody', `${branch}: ${ids[0]} after ${parent}`);
  }
}
