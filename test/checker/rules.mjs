// Small words that all rules share. Nothing here, and nothing in this folder, comes from the product.

/** @param {string} rule @param {string} what @returns {import('./history.mjs').Violation} */
export const violation = (rule, what) => ({ rule, what });

/** One stream of one organization. */
export const streamOf = (/** @type {{ org: string, stream: string }} */ it) => `${it.org} ${it.stream}`;

/**
 * @template T
 * @param {Iterable<T>} items @param {(item: T) => string} keyOf @returns {Map<string, T[]>}
 */
export function groupBy(items, keyOf) {
  const groups = new Map();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

/**
 * The numbers are to be 1, 2, 3 … n, each once.
 * @param {readonly (number | null)[]} numbers @param {string} kind @param {string} where
 */
export function* denseFromOne(numbers, kind, where) {
  const seen = new Set();
  for (const number of numbers) {
    if (number === null || number < 1)
      yield violation(`${kind}-missing`, `${where}: ${number} instead of a number`);
    else if (seen.has(number)) yield violation(`${kind}-twice`, `${where}: ${number}`);
    else seen.add(number);
  }
  for (let number = 1, left = seen.size; left > 0; number++) {
    if (seen.has(number)) left--;
    else yield violation(`${kind}-missing`, `${where}: ${number}`);
  }
}

/** The same words for the same meaning, whatever the order of the fields. @param {unknown} value @returns {string} */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join()}}`;
}
