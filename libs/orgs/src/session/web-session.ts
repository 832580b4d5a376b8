import { newSessionId, type SignedIn } from '@tidemark/contracts';
import type { Tx } from '@tidemark/runtime';
import { viewOf, type AccountRow } from '../account/account-rows.js';
import type { OrgsContext } from '../orgs.context.js';
import { deleteExpired, insertSession } from './session-rows.js';

/** A session of the website that is about to begin, with what its browser will hold. */
export interface WebSession {
  readonly session: string;
  readonly token: string;
  readonly knownDevice: string;
  insert(tx: Tx, now: Date): Promise<void>;
}

export function newWebSession(
  { secrets, times }: OrgsContext,
  account: string,
  userAgent: string,
): WebSession {
  const session = newSessionId();
  const { token, hash } = secrets.newToken('web');
  return {
    session,
    token,
    knownDevice: secrets.newKnownDevice(account),
    async insert(tx, now) {
      await deleteExpired(tx, account, now, times);
      const row = { account, session, kind: 'web', device: userAgent, appVersion: '', token: hash } as const;
      await insertSession(tx, row, now, times);
    },
  };
}

export const signedIn = (row: AccountRow, { session, token, knownDevice }: WebSession): SignedIn => ({
  account: viewOf(row),
  session,
  token,
  knownDevice,
});
