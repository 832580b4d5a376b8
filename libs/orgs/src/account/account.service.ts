import { Inject, Injectable } from '@nestjs/common';
import {
  unauthorized,
  type AccountView,
  type ActorContext,
  type ChangePassphrase,
  type MakeOperator,
  type PassphraseKeys,
  type ReplaceRecovery,
  type VerifyEmail,
} from '@tidemark/contracts';
import type { StreamTx } from '@tidemark/event-store';
import { guessRules } from '../guessing/guess-rules.js';
import { guarded, takeTurn, WrongGuess } from '../guessing/guesses.js';
import { queueMail } from '../mail/mail-queue.js';
import type { OrgsContext } from '../orgs.context.js';
import { ORGS_CONTEXT } from '../orgs.tokens.js';
import { becameFirstOperator } from '../registration/installation.js';
import { setupCodeWrong } from '../registration/registration.errors.js';
import { deleteSessions, livingSessions } from '../session/session-rows.js';
import { linkDoesNotFit, wrongPassphrase } from './account.errors.js';
import { findAccount, lockAccount, lockedAccount, viewOf, type AccountRow } from './account-rows.js';
import { asAccount, handleAccount } from './account-streams.js';
import { personOf } from './person-of.js';
import { writeOperator, writePassphrase, writeRecovery, writeVerified } from './account-writes.js';

@Injectable()
export class AccountService {
  constructor(@Inject(ORGS_CONTEXT) private readonly orgs: OrgsContext) {}

  async view(actor: ActorContext): Promise<AccountView> {
    const account = personOf(actor);
    const row = await this.orgs.db.tx({ account }, (tx) => findAccount(tx, account));
    if (!row) throw unauthorized();
    return viewOf(row);
  }

  /** Other browsers are signed out. Devices stay: they hold their keys themselves, and are ended in the list. */
  changePassphrase(message: ChangePassphrase, actor: ActorContext): Promise<AccountView> {
    return this.withPassphrase(message.authenticationKey, actor, async (tx, row, now) => {
      const { account } = row;
      const others = (await livingSessions(tx, account, now, this.orgs.times))
        .filter(({ kind, session }) => kind === 'web' && session !== actor.session)
        .map(({ session }) => session);
      const gone = await deleteSessions(tx, account, others);
      const ending = gone.map((session) => ({ session, reason: 'passphrase' as const }));
      await handleAccount(
        tx,
        { kind: 'change-passphrase', account, ending },
        { now, requestId: actor.requestId },
      );
      await this.write(tx, account, message.next);
      await queueMail(tx, account, 'passphrase-changed', now);
      return viewOf((await findAccount(tx, account))!);
    });
  }

  /** The code until now opens nothing any more. */
  async replaceRecovery(message: ReplaceRecovery, actor: ActorContext): Promise<void> {
    await this.withPassphrase(message.authenticationKey, actor, async (tx, { account }, now) => {
      await handleAccount(tx, { kind: 'replace-recovery', account }, { now, requestId: actor.requestId });
      const verifier = this.orgs.secrets.recoveryVerifierOf(account, message.recovery.authenticationKey);
      await writeRecovery(tx, account, verifier, message.recovery.encSymmetricKey);
      await queueMail(tx, account, 'recovery-code-replaced', now);
    });
  }

  /** Whoever opens the link has the mail, signed in or not. Opened twice it is verified once. */
  async verifyEmail({ token }: VerifyEmail, { requestId }: ActorContext): Promise<void> {
    const { transactions, secrets } = this.orgs;
    const account = secrets.accountOfMailLink(token);
    if (account === undefined) throw linkDoesNotFit();
    const now = this.orgs.now();
    await asAccount(transactions, account, async (tx) => {
      const row = await lockAccount(tx, account);
      if (!row || !secrets.isMailLink(token, account, row.email)) throw linkDoesNotFit();
      await handleAccount(tx, { kind: 'verify-email', account }, { now, requestId });
      await writeVerified(tx, account);
    });
  }

  async sendVerification(actor: ActorContext): Promise<void> {
    const account = personOf(actor);
    const now = this.orgs.now();
    const counted = [{ key: this.orgs.secrets.guessKey('mails', account), rule: guessRules.mails }];
    await asAccount(this.orgs.transactions, account, async (tx) => {
      const row = await lockedAccount(tx, account);
      if (row.email_verified) return;
      await takeTurn(tx, counted, now);
      await queueMail(tx, account, 'verify-email', now);
    });
  }

  /** With the one-time code, while nobody is operator yet. */
  makeOperator({ setupCode }: MakeOperator, actor: ActorContext): Promise<AccountView> {
    const account = personOf(actor);
    const { secrets, policy } = this.orgs;
    const now = this.orgs.now();
    const counted = [{ key: secrets.guessKey('setup code', account), rule: guessRules.account }];
    return guarded(this.orgs, { account, counted, now }, async (tx) => {
      await lockedAccount(tx, account);
      const fits = policy.setupCode !== undefined && secrets.sameCode(policy.setupCode, setupCode);
      if (!fits || !(await becameFirstOperator(tx, account))) return new WrongGuess(setupCodeWrong());
      await handleAccount(tx, { kind: 'make-operator', account }, { now, requestId: actor.requestId });
      await writeOperator(tx, account);
      return viewOf((await findAccount(tx, account))!);
    });
  }

  /** Somebody at an open browser who does not know the passphrase changes nothing. */
  private withPassphrase<T>(
    authenticationKey: string,
    actor: ActorContext,
    work: (tx: StreamTx, row: AccountRow, now: Date) => Promise<T>,
  ): Promise<T> {
    const account = personOf(actor);
    const { secrets } = this.orgs;
    const now = this.orgs.now();
    const counted = [{ key: secrets.guessKey('passphrase', account), rule: guessRules.account }];
    return guarded(this.orgs, { account, counted, now }, async (tx) => {
      const row = await lockedAccount(tx, account);
      const fits = secrets.matches(row.authentication, secrets.verifierOf(account, authenticationKey));
      return fits ? work(tx, row, now) : new WrongGuess(wrongPassphrase());
    });
  }

  private write(tx: StreamTx, account: string, next: PassphraseKeys): Promise<void> {
    const verifier = this.orgs.secrets.verifierOf(account, next.authenticationKey);
    return writePassphrase(tx, account, verifier, next);
  }
}
