export const ORGS_STORE = Symbol('event store of orgs');
export const ORGS_DATABASE = Symbol('database of orgs');
export const ORGS_CONTEXT = Symbol('what the parts of orgs share');
