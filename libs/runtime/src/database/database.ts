/** What a statement can be sent to. */
export interface Tx {
  /** Rows of one statement. A named statement is prepared once per connection; its text belongs to its name. */
  query<R extends object = Record<string, unknown>>(
    sql: string,
    params?: readonly unknown[],
    name?: string,
  ): Promise<R[]>;
}

/** For whom a transaction speaks. Neither: only tables of the class `installation` answer, all others raise. */
export interface Scope {
  readonly tenant?: string;
  readonly account?: string;
}

export interface Database {
  /**
   * One transaction. It is committed when `work` resolves, and what it returns is on disk; it is rolled back when
   * `work` throws, and the throw comes out unchanged. A deadlock or serialization failure runs `work` again, at most
   * three times, so `work` touches nothing but the transaction.
   *
   * A database that cannot be reached is `UNAVAILABLE` and nothing was saved; a statement stopped by its time limit
   * is `TIMEOUT` and nothing was saved; a COMMIT whose reply was lost is `TIMEOUT` in the words "Not confirmed": it
   * is not known whether it was saved. A COMMIT is never cancelled.
   */
  tx<T>(scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T>;

  /**
   * One prepared statement in a transaction of its own, in one round trip. It has no scope: a function that reads
   * tenant tables sets the tenant itself, for its transaction only. A reply lost on the way is "Not confirmed".
   */
  one<R extends object = Record<string, unknown>>(
    name: string,
    sql: string,
    params?: readonly unknown[],
  ): Promise<R[]>;

  /** Ends when running transactions have ended. */
  close(): Promise<void>;
}
