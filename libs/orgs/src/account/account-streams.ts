import { fingerprintOf, newCommandId, personalOrgOf } from '@tidemark/contracts';
import type { Handled, StreamTransactions, StreamTx } from '@tidemark/event-store';
import { accountDecider, type AccountCommand } from './account.decider.js';
import { accountStream, type Account } from './account.js';

/** When, and on whose request. */
export interface Occasion {
  readonly now: Date;
  readonly requestId: string;
}

/** An account's stream and rows belong to its personal organization and to itself: both are set. */
export const asAccount = <T>(
  transactions: StreamTransactions,
  account: string,
  work: (tx: StreamTx) => Promise<T>,
): Promise<T> => transactions.run({ tenant: personalOrgOf(account), account }, work);

/** Commands that nobody repeats by an id of their own get a new one. */
export const handleAccount = (
  tx: StreamTx,
  command: AccountCommand,
  { now, requestId }: Occasion,
  { id = newCommandId(), fingerprint = fingerprintOf(command) } = {},
): Promise<Handled<Account>> =>
  tx.handle(accountDecider, {
    org: personalOrgOf(command.account),
    stream: accountStream(command.account),
    command,
    commandId: id,
    fingerprint,
    meta: { account: command.account, requestId },
    at: now.toISOString(),
  });
