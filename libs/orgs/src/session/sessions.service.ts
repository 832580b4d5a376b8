import { Inject, Injectable } from '@nestjs/common';
import {
  newSessionId,
  notFound,
  unauthorized,
  type ActorContext,
  type AppSession,
  type EndSession,
  type SessionView,
  type StartAppSession,
} from '@tidemark/contracts';
import type { StreamTx } from '@tidemark/event-store';
import type { EndingSession } from '../account/account.decider.js';
import { lockedAccount } from '../account/account-rows.js';
import { asAccount, handleAccount } from '../account/account-streams.js';
import { personOf } from '../account/person-of.js';
import type { OrgsContext } from '../orgs.context.js';
import { ORGS_CONTEXT } from '../orgs.tokens.js';
import {
  deleteExpired,
  deleteSessions,
  holdSession,
  insertSession,
  livingSessions,
  shownSession,
} from './session-rows.js';

@Injectable()
export class SessionsService {
  constructor(@Inject(ORGS_CONTEXT) private readonly orgs: OrgsContext) {}

  /**
   * Of sign-ins at the same moment one counts after the other, because each holds the row of the account. A session that
   * has ended begins no other one, however late whoever asks has heard of it.
   */
  async startApp(message: StartAppSession, actor: ActorContext): Promise<AppSession> {
    const { transactions, secrets, policy, times } = this.orgs;
    const account = personOf(actor);
    const session = newSessionId();
    const { token, hash } = secrets.newToken('app');
    const now = this.orgs.now();
    await asAccount(transactions, account, async (tx) => {
      await lockedAccount(tx, account);
      await deleteExpired(tx, account, now, times);
      if (!(await holdSession(tx, account, actor.session))) throw unauthorized();
      const ending = await this.replaced(tx, account, message.end);
      const living = await livingSessions(tx, account, now, times);
      const devices = {
        living: living.filter(({ kind }) => kind === 'app').map(({ session }) => session),
        limit: policy.deviceLimit,
        verifiedOnly: policy.registration.startsWith('domain:'),
      };
      const starting = { session, kind: 'app' } as const;
      const command = { kind: 'start-session', account, starting, devices, ending } as const;
      await handleAccount(tx, command, { now, requestId: actor.requestId });
      const { device, appVersion } = message;
      await insertSession(tx, { account, session, kind: 'app', device, appVersion, token: hash }, now, times);
    });
    return { session, token };
  }

  async list(actor: ActorContext): Promise<{ items: SessionView[]; limit: number }> {
    const { db, policy, times, now } = this.orgs;
    const account = personOf(actor);
    const rows = await db.tx({ account }, (tx) => livingSessions(tx, account, now(), times));
    return { items: rows.map((row) => shownSession(row, times)), limit: policy.deviceLimit };
  }

  async end({ session }: EndSession, actor: ActorContext): Promise<void> {
    const account = personOf(actor);
    const now = this.orgs.now();
    await asAccount(this.orgs.transactions, account, async (tx) => {
      const gone = await deleteSessions(tx, account, [session]);
      if (gone.length === 0) throw notFound();
      const ending = [{ session, reason: 'revoked' }] as const;
      await handleAccount(tx, { kind: 'end-sessions', account, ending }, { now, requestId: actor.requestId });
    });
  }

  /** A session that has ended in the meantime makes room as well. */
  private async replaced(tx: StreamTx, account: string, session: string | undefined) {
    const gone = await deleteSessions(tx, account, session === undefined ? [] : [session]);
    return gone.map((session): EndingSession => ({ session, reason: 'replaced' }));
  }
}
