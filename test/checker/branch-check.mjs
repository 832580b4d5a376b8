import { checkPushes, elementsOf } from './push-rules.mjs';
import { checkEachRead, checkReadsTogether, checkSeenAgain } from './read-rules.mjs';
import { groupBy } from './rules.mjs';

/**
 * @param {import('./branch-history.mjs').BranchHistory} history
 * @returns {import('./history.mjs').Violation[]}
 */
export function checkBranches(history) {
  return branchesOf(history).flatMap(({ branch, pushes, reads }) => {
    const elements = elementsOf(pushes);
    return [
      ...checkPushes(branch, pushes, elements),
      ...checkEachRead(branch, reads, elements, pushes),
      ...checkReadsTogether(branch, reads, elements),
      ...checkSeenAgain(branch, reads, elements),
    ];
  });
}

/**
 * What was checked: the elements that clients were promised, and the reads held against an earlier one.
 * @param {import('./branch-history.mjs').BranchHistory} history
 */
export function countBranches(history) {
  const branches = branchesOf(history);
  const elements = branches.flatMap(({ pushes }) => [...elementsOf(pushes).values()]);
  const ended = (/** @type {string} */ outcome) => elements.filter((it) => it.outcome === outcome).length;
  const reads = branches.map((it) => it.reads.length);
  return {
    branches: branches.length,
    acknowledged: ended('ok'),
    failed: ended('failed'),
    unknown: ended('unknown'),
    reads: reads.reduce((sum, count) => sum + count, 0),
    comparisons: reads.reduce((sum, count) => sum + Math.max(0, count - 1), 0),
  };
}

/** @param {import('./branch-history.mjs').BranchHistory} history */
function branchesOf({ pushes, reads }) {
  const pushed = groupBy(pushes, ({ branch }) => branch);
  const read = groupBy(
    reads.filter(({ outcome }) => outcome === 'ok'),
    ({ branch }) => branch,
  );
  return [...new Set([...pushed.keys(), ...read.keys()])].map((branch) => ({
    branch,
    pushes: pushed.get(branch) ?? [],
    reads: (read.get(branch) ?? []).toSorted((a, b) => a.from - b.from),
  }));
}
