import type { StreamTransactions } from '@tidemark/event-store';
import type { Database } from '@tidemark/runtime';
import type { Turnstile } from './guessing/turnstile.js';
import type { OrgsPolicy } from './orgs.policy.js';
import type { Secrets } from './secrets/secrets.js';
import type { SessionTimes } from './session/session-rows.js';

/** What the parts of this service share. */
export interface OrgsContext {
  readonly db: Database;
  readonly transactions: StreamTransactions;
  readonly secrets: Secrets;
  readonly turnstile: Turnstile;
  readonly policy: OrgsPolicy;
  readonly times: SessionTimes;
  readonly now: () => Date;
}

const DAY_MS = 86_400_000;

export const timesOf = ({ sessionIdleDays, sessionDays }: OrgsPolicy): SessionTimes => ({
  idleMs: sessionIdleDays * DAY_MS,
  longestMs: sessionDays * DAY_MS,
});
