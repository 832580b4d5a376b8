export const AUDIT_DATABASE = Symbol('database of audit');
