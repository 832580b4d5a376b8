import { Inject, Injectable } from '@nestjs/common';
import {
  personalOrgOf,
  unauthorized,
  type ActorContext,
  type Authenticate,
  type Authenticated,
  type SignOut,
} from '@tidemark/contracts';
import { asAccount, handleAccount } from '../account/account-streams.js';
import type { OrgsContext } from '../orgs.context.js';
import { ORGS_CONTEXT } from '../orgs.tokens.js';
import { deleteSessions } from '../session/session-rows.js';

interface Row {
  readonly account: string;
  readonly session: string;
  readonly kind: 'app' | 'web';
  readonly operator: boolean;
  readonly email_verified: boolean;
  readonly organizations: readonly string[];
}

/** From a token to who it is, and back to nobody. */
@Injectable()
export class AuthenticationService {
  constructor(@Inject(ORGS_CONTEXT) private readonly orgs: OrgsContext) {}

  /** One statement. The personal organization is there before the list of organizations has heard of it. */
  async authenticate({ token, client }: Authenticate): Promise<Authenticated> {
    const { db, secrets, times, now } = this.orgs;
    const idle = `${times.idleMs} milliseconds`;
    const [row] = await db.one<Row>('authenticate', 'select * from authenticate($1, $2, $3, $4)', [
      secrets.tokenHash(token),
      now(),
      idle,
      client,
    ]);
    if (!row) throw unauthorized();
    const { account, session, kind, operator, email_verified: emailVerified } = row;
    const organizations = [...new Set([personalOrgOf(account), ...row.organizations])];
    return { account, session, kind, operator, emailVerified, organizations };
  }

  /** A token that opens nothing any more is signed out already. */
  async signOut({ token }: SignOut, { requestId }: ActorContext): Promise<void> {
    const { db, secrets, transactions } = this.orgs;
    const [found] = await db.one<{ account: string; session: string }>(
      'find-by-token',
      'select account, session from session_index where token = $1',
      [secrets.tokenHash(token)],
    );
    if (!found) return;
    const { account, session } = found;
    const now = this.orgs.now();
    await asAccount(transactions, account, async (tx) => {
      const gone = await deleteSessions(tx, account, [session]);
      const ending = gone.map((session) => ({ session, reason: 'signed-out' as const }));
      if (ending.length > 0)
        await handleAccount(tx, { kind: 'end-sessions', account, ending }, { now, requestId });
    });
  }
}
