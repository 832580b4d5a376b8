export { openBranches, type Branches, type BranchesOptions } from './open-branches.js';
export { branchesSchema } from './branches.schema.js';
export { deciderOf } from './decider-of.js';
export { reactionsOn } from './reactions/reactions-on.js';
