import { setTimeout as pause } from 'node:timers/promises';
import { personalOrgOf } from '@tidemark/contracts';
import pg from 'pg';
import type { ServedOrgs } from './served-orgs.js';

/**
 * Holds the stream of an account, so that whoever changes something about it stands still just before the end of the
 * transaction, for as long as a test wants.
 */
export class HeldAccount {
  private constructor(
    private readonly client: pg.Client,
    private readonly held: readonly string[],
  ) {}

  static async of({ urls }: ServedOrgs, account: string): Promise<HeldAccount> {
    const client = new pg.Client({ connectionString: urls.appUrl });
    await client.connect();
    const held = [personalOrgOf(account), `account-${account}`];
    await client.query(`select pg_advisory_lock(hashtextextended($1 || ' ' || $2, 0))`, held);
    return new HeldAccount(client, held);
  }

  /** Once so many transactions of the service wait for a lock, whichever it is. */
  async waiting(count: number): Promise<void> {
    for (const until = Date.now() + 20_000; ; await pause(5)) {
      const { rows } = await this.client.query<{ n: number }>(
        `select count(*)::int as n from pg_stat_activity
         where datname = current_database() and usename = current_user and wait_event_type = 'Lock'`,
      );
      if (rows[0]!.n === count) return;
      if (Date.now() > until) throw new Error(`${rows[0]!.n} instead of ${count} wait.`);
    }
  }

  async letGo(): Promise<void> {
    await this.client.query(`select pg_advisory_unlock(hashtextextended($1 || ' ' || $2, 0))`, [
      ...this.held,
    ]);
    await this.client.end();
  }
}
