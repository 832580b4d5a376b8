// What clients saw of branches, as lines of JSON in any number of files. A branch is a register to which whole lists
// of elements are appended; each snapshot is an element of its own. Kinds of line:
//
//   push  one try to append `ids` right after `parent` (null or forty zeros: after nothing). A repeat has the same ids.
//   read  one read of the whole list, oldest first. A branch that is not there reads as an empty list.
//
// Both carry the branch, the instants `from` and `to` of one clock between which the call ran, and how it ended:
// ok, failed (it is sure that nothing was changed) or unknown (for `to`, when the client gave up). A branch that was
// deleted and made anew is another branch and wants another name here.

/**
 * @typedef {{ branch: string, from: number, to: number, outcome: 'ok' | 'failed' | 'unknown' }} Call
 * @typedef {Call & { parent: string | null, ids: string[], code?: string }} Push
 *   `code` is the error code of a refusal, where there was one
 * @typedef {Call & { ids: string[] }} Read
 * @typedef {{ pushes: Push[], reads: Read[] }} BranchHistory
 */

const outcomes = ['ok', 'failed', 'unknown'];
const nothing = '0'.repeat(40);

/**
 * A line that cannot be read stops everything: half a history proves nothing.
 * @param {readonly string[]} lines @returns {BranchHistory}
 */
export function readBranchHistory(lines) {
  /** @type {BranchHistory} */
  const history = { pushes: [], reads: [] };
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const record = parsed(line, `line ${index + 1}`);
    if (record.kind === 'push') history.pushes.push({ ...record, parent: elementOrNothing(record.parent) });
    else history.reads.push(record);
  }
  return history;
}

/** @param {string} line @param {string} where */
function parsed(line, where) {
  let record;
  try {
    record = JSON.parse(line);
  } catch {
    throw new Error(`${where}: not JSON`);
  }
  if (!['push', 'read'].includes(record?.kind))
    throw new Error(`${where}: no kind of record is called ${JSON.stringify(record?.kind)}`);
  const wrong = wrongField(record);
  if (wrong) throw new Error(`${where}: ${record.kind} with a wrong ${wrong}`);
  return record;
}

/** @param {Record<string, unknown>} record */
function wrongField({ kind, branch, outcome, from, to, ids, parent }) {
  if (!isName(branch)) return 'branch';
  if (!outcomes.includes(String(outcome))) return 'outcome';
  if (!Number.isFinite(from) || !Number.isFinite(to) || Number(from) > Number(to)) return 'time';
  // Only a read that came to its end has anything to say.
  if (kind === 'read') return outcome !== 'ok' || isList(ids) ? undefined : 'list of ids';
  if (!isList(ids) || ids.length === 0 || new Set(ids).size < ids.length) return 'list of ids';
  return parent === null || isName(parent) ? undefined : 'parent';
}

const isName = (/** @type {unknown} */ value) => typeof value === 'string' && value !== '';

/** @param {unknown} value @returns {value is string[]} */
const isList = (value) => Array.isArray(value) && value.every(isName);

/** @param {string | null} id */
const elementOrNothing = (id) => (id === nothing ? null : id);
