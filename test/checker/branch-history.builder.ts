import type { BranchHistory, Push, Read } from './branch-history.mjs';

export const push = (from: number, parent: string | null, ids: string[], more: Partial<Push> = {}): Push => ({
  branch: 'master',
  from,
  to: from + 5,
  outcome: 'ok',
  parent,
  ids,
  ...more,
});

export const read = (from: number, ids: string[], more: Partial<Read> = {}): Read => ({
  branch: 'master',
  from,
  to: from + 5,
  outcome: 'ok',
  ids,
  ...more,
});

/** Two branches: on one a refusal, an unknown end that was applied and one that was not; reads in between. */
export const goodBranches = (): BranchHistory => ({
  pushes: [
    push(10, null, ['a']),
    push(20, 'a', ['b', 'c']),
    push(21, 'a', ['x'], { outcome: 'failed', code: 'HISTORY_CONFLICT' }),
    push(30, 'c', ['d'], { outcome: 'unknown' }),
    push(40, 'd', ['e']),
    push(50, 'e', ['y'], { outcome: 'unknown' }),
    push(60, null, ['a'], { branch: 'fork' }),
  ],
  reads: [
    read(0, []),
    read(16, ['a']),
    read(22, ['a', 'b', 'c']),
    read(36, ['a', 'b', 'c', 'd']),
    read(46, ['a', 'b', 'c', 'd', 'e']),
    read(70, ['a', 'b', 'c', 'd', 'e']),
    read(70, ['a'], { branch: 'fork' }),
  ],
});
