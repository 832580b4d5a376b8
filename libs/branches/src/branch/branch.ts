/** A branch as its events tell it; its list stands in a table of its own. */
export type Branch =
  | { readonly status: 'absent' }
  | { readonly status: 'open'; readonly head: string; readonly length: number }
  | { readonly status: 'removed' };

export const noBranch: Branch = { status: 'absent' };

/** The parent of a first snapshot. */
export const NO_SNAPSHOT = '0'.repeat(40);

export const headOf = (branch: Branch): string => (branch.status === 'open' ? branch.head : NO_SNAPSHOT);
export const lengthOf = (branch: Branch): number => (branch.status === 'open' ? branch.length : 0);
