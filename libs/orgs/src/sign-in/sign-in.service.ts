import { Inject, Injectable } from '@nestjs/common';
import type { ActorContext, AskKdf, Kdf, SignedIn, SignIn } from '@tidemark/contracts';
import type { StreamTx } from '@tidemark/event-store';
import { wrongCredentials } from '../account/account.errors.js';
import { kdfOf, lockAccount, type AccountRow } from '../account/account-rows.js';
import { handleAccount } from '../account/account-streams.js';
import { guessRules } from '../guessing/guess-rules.js';
import { guarded, WrongGuess, type Counted } from '../guessing/guesses.js';
import type { OrgsContext } from '../orgs.context.js';
import { ORGS_CONTEXT } from '../orgs.tokens.js';
import { newWebSession, signedIn, type WebSession } from '../session/web-session.js';
import { accountBehind } from './account-behind.js';

@Injectable()
export class SignInService {
  constructor(@Inject(ORGS_CONTEXT) private readonly orgs: OrgsContext) {}

  /** An address that nobody has gets a record of the same form, the same one each time. */
  async kdf({ email }: AskKdf): Promise<{ kdf: Kdf }> {
    const { db, secrets } = this.orgs;
    const rows = await db.one<{ kdf: Kdf }>('find-kdf', 'select kdf from find_kdf($1, $2)', [
      secrets.emailHash(email),
      secrets.nobodyFor(email),
    ]);
    return { kdf: kdfOf(rows[0]?.kdf ?? { v: 1, m: 65_536, t: 3, p: 1, salt: secrets.saltFor(email) }) };
  }

  /** The same statements and the same words, whether the address is unknown or the passphrase wrong. */
  async signIn(message: SignIn, actor: ActorContext): Promise<SignedIn> {
    const { secrets } = this.orgs;
    const account = await accountBehind(this.orgs, message.email);
    const counted = this.countedBy(account, message);
    const given = secrets.verifierOf(account, message.authenticationKey);
    const web = newWebSession(this.orgs, account, message.userAgent);
    const now = this.orgs.now();
    const row = await guarded(this.orgs, { account, counted, now }, async (tx) => {
      const row = await lockAccount(tx, account);
      return secrets.matches(row?.authentication, given) && row
        ? this.start(tx, row, web, now, actor)
        : new WrongGuess(wrongCredentials());
    });
    return signedIn(row, web);
  }

  private async start(
    tx: StreamTx,
    row: AccountRow,
    web: WebSession,
    now: Date,
    { requestId }: ActorContext,
  ): Promise<AccountRow> {
    await web.insert(tx, now);
    const starting = { session: web.session, kind: 'web' } as const;
    const command = { kind: 'start-session', account: row.account, starting, ending: [] } as const;
    await handleAccount(tx, command, { now, requestId });
    return row;
  }

  /** A browser that has signed in here before is counted by itself: a stranger's failures do not lock it out. */
  private countedBy(account: string, { email, address, knownDevice }: SignIn): Counted[] {
    const { secrets } = this.orgs;
    const known = secrets.knownDevice(account, knownDevice);
    if (known !== undefined)
      return [{ key: secrets.guessKey('known device', account, known), rule: guessRules.account }];
    return [
      {
        key: secrets.guessKey('sign-in', secrets.emailHash(email).toString('hex')),
        rule: guessRules.account,
      },
      { key: secrets.guessKey('address', address), rule: guessRules.address },
    ];
  }
}
