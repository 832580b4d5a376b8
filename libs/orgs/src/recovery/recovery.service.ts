import { Inject, Injectable } from '@nestjs/common';
import type {
  ActorContext,
  FinishRecovery,
  RecoveryMaterial,
  SignedIn,
  StartRecovery,
} from '@tidemark/contracts';
import type { StreamTx } from '@tidemark/event-store';
import { wrongRecovery } from '../account/account.errors.js';
import { findAccount, lockAccount, type AccountRow } from '../account/account-rows.js';
import { handleAccount } from '../account/account-streams.js';
import { writePassphrase, writeRecovery } from '../account/account-writes.js';
import { guessRules } from '../guessing/guess-rules.js';
import { guarded, WrongGuess } from '../guessing/guesses.js';
import { queueMail } from '../mail/mail-queue.js';
import type { OrgsContext } from '../orgs.context.js';
import { ORGS_CONTEXT } from '../orgs.tokens.js';
import { deleteSessions, livingSessions } from '../session/session-rows.js';
import { newWebSession, signedIn, type WebSession } from '../session/web-session.js';
import { accountBehind } from '../sign-in/account-behind.js';

/** The way in without the passphrase. Unknown address and wrong code are told apart by nothing, as at sign-in. */
@Injectable()
export class RecoveryService {
  constructor(@Inject(ORGS_CONTEXT) private readonly orgs: OrgsContext) {}

  async start(message: StartRecovery): Promise<RecoveryMaterial> {
    const account = await accountBehind(this.orgs, message.email);
    return this.withCode(account, message, async (_tx, row) => ({
      encSymmetricKey: row.recovery_symmetric_key,
      encPrivateKey: row.enc_private_key,
      publicKey: row.public_key,
    }));
  }

  /** The code is used up, whoever is signed in is signed out, and the person hears of it by mail. */
  async finish(message: FinishRecovery, { requestId }: ActorContext): Promise<SignedIn> {
    const account = await accountBehind(this.orgs, message.email);
    const web = newWebSession(this.orgs, account, message.userAgent);
    const row = await this.withCode(account, message, async (tx, _row, now) => {
      const living = await livingSessions(tx, account, now, this.orgs.times);
      const gone = await deleteSessions(
        tx,
        account,
        living.map(({ session }) => session),
      );
      const starting = { session: web.session, kind: 'web' } as const;
      const ending = gone.map((session) => ({ session, reason: 'recovery' as const }));
      await handleAccount(tx, { kind: 'use-recovery', account, starting, ending }, { now, requestId });
      await this.write(tx, account, message, web, now);
      return (await findAccount(tx, account))!;
    });
    return signedIn(row, web);
  }

  private async write(
    tx: StreamTx,
    account: string,
    { next, recovery }: FinishRecovery,
    web: WebSession,
    now: Date,
  ): Promise<void> {
    const { secrets } = this.orgs;
    await writePassphrase(tx, account, secrets.verifierOf(account, next.authenticationKey), next);
    const verifier = secrets.recoveryVerifierOf(account, recovery.authenticationKey);
    await writeRecovery(tx, account, verifier, recovery.encSymmetricKey);
    await web.insert(tx, now);
    await queueMail(tx, account, 'recovery-code-used', now);
  }

  private withCode<T>(
    account: string,
    { recoveryKey, address }: StartRecovery,
    work: (tx: StreamTx, row: AccountRow, now: Date) => Promise<T>,
  ): Promise<T> {
    const { secrets } = this.orgs;
    const now = this.orgs.now();
    // By address alone: a code cannot be guessed, and counted by account anybody could keep its owner from it.
    const counted = [{ key: secrets.guessKey('address', address), rule: guessRules.address }];
    return guarded(this.orgs, { account, counted, now }, async (tx) => {
      const row = await lockAccount(tx, account);
      const given = secrets.recoveryVerifierOf(account, recoveryKey);
      return secrets.matches(row?.recovery, given) && row
        ? work(tx, row, now)
        : new WrongGuess(wrongRecovery());
    });
  }
}
