export const AUDIT_PARTS = Symbol('parts of audit');
export const AUDIT_DATABASE = Symbol('database of audit');
