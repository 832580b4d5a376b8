import { Inject, Injectable } from '@nestjs/common';
import {
  derivedUuid,
  fingerprintOf,
  OPERATOR_ACCOUNT,
  personalOrgOf,
  type AccountView,
  type ActorContext,
  type Registration,
  type SignedIn,
  type SignUp,
} from '@tidemark/contracts';
import type { StreamTx } from '@tidemark/event-store';
import { accountExists } from '../account/account.errors.js';
import { isPerson } from '../account/account.js';
import { findAccount, insertAccount, viewOf, type AccountRow } from '../account/account-rows.js';
import { handleAccount, type Occasion } from '../account/account-streams.js';
import { checkPublicKey } from '../account/public-key.js';
import { guessRules } from '../guessing/guess-rules.js';
import { guarded, WrongGuess } from '../guessing/guesses.js';
import { queueMail } from '../mail/mail-queue.js';
import { makeOrganization } from '../organization/make-organization.js';
import { PERSONAL_NAME } from '../organization/organization.js';
import type { OrgsContext } from '../orgs.context.js';
import { ORGS_CONTEXT } from '../orgs.tokens.js';
import { newWebSession, signedIn, type WebSession } from '../session/web-session.js';
import { SignInService } from '../sign-in/sign-in.service.js';
import { accountOfEmail, becameFirstOperator, firstOperator } from './installation.js';
import { operatorOnly, registrationClosed, setupCodeNeeded, setupCodeWrong } from './registration.errors.js';
import { isWelcome } from './registration-rules.js';

@Injectable()
export class RegistrationService {
  constructor(
    @Inject(ORGS_CONTEXT) private readonly orgs: OrgsContext,
    @Inject(SignInService) private readonly signIns: SignInService,
  ) {}

  async registration(): Promise<Registration> {
    const { db, policy } = this.orgs;
    const taken = await db.tx({}, firstOperator);
    const [name, domain] = policy.registration.split(':') as [Registration['policy'], string | undefined];
    const codeless = policy.setupCode === undefined;
    return { policy: name, ...(domain ? { domain } : {}), needsOperator: taken === undefined, codeless };
  }

  /** Account, personal organization, default project and first session: all of them or nothing. */
  async signUp(message: SignUp, actor: ActorContext): Promise<SignedIn | { account: AccountView }> {
    const { secrets } = this.orgs;
    checkPublicKey(message.publicKey);
    const byOperator = message.byOperator === true;
    if (byOperator) await this.mustBeOperator(actor);
    const account = this.accountFor(message);
    const now = this.orgs.now();
    const web = byOperator ? undefined : newWebSession(this.orgs, account, message.userAgent);
    const counted = byOperator
      ? []
      : [{ key: secrets.guessKey('address', message.address), rule: guessRules.address }];
    const row = await guarded(this.orgs, { account, counted, now }, (tx) =>
      this.make(tx, account, message, { now, requestId: actor.requestId }, web),
    );
    if (row === 'made before') return this.again(account, message, actor);
    return web ? signedIn(row, web) : { account: viewOf(row) };
  }

  /** Found again by whoever repeats the command, and by nobody with another address. */
  private accountFor({ command, email }: SignUp): string {
    const email_ = this.orgs.secrets.emailHash(email).toString('hex');
    return `acct_${derivedUuid('account', command, email_).replaceAll('-', '')}`;
  }

  private async make(
    tx: StreamTx,
    account: string,
    message: SignUp,
    occasion: Occasion,
    web: WebSession | undefined,
  ): Promise<AccountRow | 'made before' | WrongGuess> {
    const first = await firstOperator(tx);
    const mayOperate = this.mayOperate(message, first === undefined || first === account);
    if (mayOperate instanceof WrongGuess) return mayOperate;
    const welcome = message.byOperator === true || isWelcome(this.orgs.policy.registration, message.email);
    if (!welcome && !mayOperate) throw this.closed(first);
    const owner = await accountOfEmail(tx, this.orgs.secrets.emailHash(message.email), account);
    if (owner === 'other') return new WrongGuess(accountExists());
    if (owner === 'same') return 'made before';
    const operator = mayOperate && (await becameFirstOperator(tx, account));
    if (!welcome && !operator) throw this.closed(account);
    await this.write(tx, account, message, occasion, { operator, web });
    return (await findAccount(tx, account))!;
  }

  /** The first account becomes operator: as it is, or with the code where there is one. */
  private mayOperate({ setupCode, byOperator }: SignUp, vacant: boolean): boolean | WrongGuess {
    const { policy, secrets } = this.orgs;
    if (byOperator) return false;
    if (policy.setupCode === undefined) return vacant;
    if (setupCode === undefined) return false;
    return vacant && secrets.sameCode(policy.setupCode, setupCode) ? true : new WrongGuess(setupCodeWrong());
  }

  private closed(first: string | undefined) {
    return first === undefined ? setupCodeNeeded() : registrationClosed(this.orgs.policy.registration);
  }

  private async write(
    tx: StreamTx,
    account: string,
    message: SignUp,
    { now, requestId }: Occasion,
    { operator, web }: { operator: boolean; web: WebSession | undefined },
  ): Promise<void> {
    const { secrets } = this.orgs;
    const authentication = secrets.verifierOf(account, message.authenticationKey);
    const recovery = secrets.recoveryVerifierOf(account, message.recovery.authenticationKey);
    const starting = web && { session: web.session, kind: 'web' as const };
    const create = { kind: 'create', account, operator, ...(starting ? { starting } : {}) } as const;
    const command = {
      id: derivedUuid(message.command, 'account'),
      fingerprint: fingerprintOf({ account, operator }),
    };
    await handleAccount(tx, create, { now, requestId }, command);
    await makeOrganization(tx, {
      org: personalOrgOf(account),
      kind: 'personal',
      name: PERSONAL_NAME,
      by: account,
      command: derivedUuid(message.command, 'organization'),
      requestId,
      now,
    });
    await insertAccount(tx, { account, now, operator, authentication, recovery }, message);
    await web?.insert(tx, now);
    await queueMail(tx, account, 'verify-email', now);
  }

  /** The answer was lost. Whoever knows the passphrase is signed in, as they wanted. */
  private async again(account: string, message: SignUp, actor: ActorContext) {
    if (!message.byOperator) return this.signIns.signIn(message, actor);
    const row = await this.orgs.db.tx({ account }, (tx) => findAccount(tx, account));
    return { account: viewOf(row!) };
  }

  private async mustBeOperator({ account }: ActorContext): Promise<void> {
    if (account === OPERATOR_ACCOUNT) return;
    const row = isPerson(account)
      ? await this.orgs.db.tx({ account }, (tx) => findAccount(tx, account))
      : undefined;
    if (!row?.operator) throw operatorOnly();
  }
}
