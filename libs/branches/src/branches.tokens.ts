export const BRANCHES_DATABASE = Symbol('database of branches');
export const BRANCHES_STREAMS = Symbol('stream transactions of branches');
export const STAGE_TOKENS = Symbol('stage tokens');
