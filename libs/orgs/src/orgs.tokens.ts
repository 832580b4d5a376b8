/** What the app that composes the service hands in. */
export const ORGS_STORE = Symbol('orgs event store');
export const ORGS_DATABASE = Symbol('orgs database');
