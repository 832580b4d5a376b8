/** What the app that composes the service hands in. */
export const AUDIT_DATABASE = Symbol('audit database');
