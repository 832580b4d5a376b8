import {
  branchHeadMoved,
  branchRemoved,
  historyConflict,
  type AcceptedRecord,
  type BranchHeadMoved,
  type BranchRemoved,
} from '@tidemark/contracts';
import type { Decider } from '@tidemark/event-store';
import { MASTER } from './branch-name.js';
import { masterStays } from './branch.errors.js';
import { headOf, lengthOf, noBranch, type Branch } from './branch.js';

/** Which branch of which file it is. */
interface Place {
  readonly file: string;
  readonly incarnation: string;
  readonly project: string;
  readonly branch: string;
}

export interface MoveHead {
  readonly kind: 'move';
  readonly place: Place;
  /** What the first snapshot follows. */
  readonly parent: string;
  readonly snapshots: readonly string[];
  readonly accepted: readonly AcceptedRecord[];
}

export type BranchCommand = MoveHead | { readonly kind: 'remove'; readonly place: Place };

export type BranchEvent = BranchHeadMoved | BranchRemoved;

export const branchDecider: Decider<BranchCommand, Branch, BranchEvent> = {
  schema: 1,
  initial: noBranch,

  decide: (command, branch) =>
    command.kind === 'move' ? moveHead(command, branch) : remove(command.place, branch),

  evolve: (_, event) =>
    event.type === 'BranchRemoved'
      ? { status: 'removed' }
      : { status: 'open', head: event.data.snapshots.at(-1)!, length: event.data.length },
};

function moveHead({ place, parent, snapshots, accepted }: MoveHead, branch: Branch): BranchEvent[] {
  if (parent !== headOf(branch)) throw historyConflict();
  return [branchHeadMoved({ ...place, snapshots, accepted, length: lengthOf(branch) + snapshots.length })];
}

function remove(place: Place, branch: Branch): BranchEvent[] {
  if (place.branch === MASTER) throw masterStays();
  return branch.status === 'open' ? [branchRemoved(place)] : [];
}
