import type pg from 'pg';

let sent = 0;

/** Counts what every client made from this class sends from now on. */
export function countStatements(Client: typeof pg.Client): void {
  const prototype = Client.prototype as { query(...args: unknown[]): unknown };
  // Its `this` is the client it is called on, and is passed on.
  const query = Object.getOwnPropertyDescriptor(prototype, 'query')!.value as (...args: unknown[]) => unknown;
  prototype.query = function (...args) {
    sent++;
    return query.apply(this, args);
  };
}

export const statementsSent = (): number => sent;
