import { branchHeadMoved, branchRemoved } from '@tidemark/contracts';
import { given } from '@tidemark/testing';
import { branchDecider, type BranchCommand } from './branch.decider.js';
import { NO_SNAPSHOT } from './branch.js';

const place = {
  file: `prj_${'1'.repeat(32)}`,
  incarnation: `inc_${'2'.repeat(32)}`,
  project: `proj_${'3'.repeat(32)}`,
  branch: 'feature/one',
};
const [a, b, c] = ['a', 'b', 'c'].map((digit) => digit.repeat(40)) as [string, string, string];
const accepted = [{ id: a, hash: 'f'.repeat(64) }];
const move = (parent: string, ...snapshots: string[]): BranchCommand => ({
  kind: 'move',
  place,
  parent,
  snapshots,
  accepted,
});
const moved = (length: number, ...snapshots: string[]) =>
  branchHeadMoved({ ...place, snapshots, accepted, length });
const removed = branchRemoved(place);

describe('moving the head of a branch', () => {
  it('begins with nothing before it', () => {
    given(branchDecider, [])
      .when(move(NO_SNAPSHOT, a, b))
      .then([moved(2, a, b)]);
  });

  it('goes on at the head', () => {
    given(branchDecider, [moved(2, a, b)])
      .when(move(b, c))
      .then([moved(3, c)]);
  });

  it.each([
    ['nothing', NO_SNAPSHOT],
    ['an older snapshot', a],
    ['a stranger', c],
  ])('is refused behind %s', (_, parent) => {
    given(branchDecider, [moved(2, a, b)])
      .when(move(parent, c))
      .thenRefused('HISTORY_CONFLICT');
  });

  it('is refused behind a snapshot when the branch is new', () => {
    given(branchDecider, []).when(move(a, b)).thenRefused('HISTORY_CONFLICT');
  });

  it('begins anew when the branch was removed', () => {
    given(branchDecider, [moved(2, a, b), removed])
      .when(move(NO_SNAPSHOT, c))
      .then([moved(1, c)]);
    given(branchDecider, [moved(2, a, b), removed])
      .when(move(b, c))
      .thenRefused('HISTORY_CONFLICT');
  });

  it('leaves head and length, and never the list', () => {
    given(branchDecider, [moved(2, a, b)])
      .when(move(b, c))
      .thenState({ status: 'open', head: c, length: 3 });
  });
});

describe('removing a branch', () => {
  it('happens once', () => {
    given(branchDecider, [moved(1, a)])
      .when({ kind: 'remove', place })
      .then([removed]);
    given(branchDecider, [moved(1, a), removed])
      .when({ kind: 'remove', place })
      .then([]);
  });

  it('that never was is no change', () => given(branchDecider, []).when({ kind: 'remove', place }).then([]));

  it('is refused for master, with what to do instead', () => {
    const master = { ...place, branch: 'master' };
    const refusal = given(branchDecider, [])
      .when({ kind: 'remove', place: master })
      .thenRefused('BRANCH_NAME_INVALID');
    expect(refusal.message).toContain('delete the whole file');
  });

  it('leaves nothing behind', () =>
    given(branchDecider, [moved(1, a)])
      .when({ kind: 'remove', place })
      .thenState({ status: 'removed' }));
});
