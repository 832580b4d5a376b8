import {
  appSession,
  newAccountKeys,
  newRecovery,
  openSymmetricKey,
  passphraseKeys,
  passphraseSecrets,
  recoverySecrets,
  type AppSession,
  type SymmetricKey,
} from '@tidemark/e2ee';
import { Http, type Fetch } from '../doors/http.js';
import { Website, type AccountView, type Sessions } from '../doors/website.js';
import { DeviceError, isUnknownOutcome } from '../state/device-error.js';
import { argon2id } from './argon2.js';

export interface AccountOptions {
  /** Of the server, without a slash at its end. */
  readonly url: string;
  readonly fetch?: Fetch;
}

export interface NewAccount {
  readonly email: string;
  readonly passphrase: string;
  readonly firstName?: string;
  readonly lastName?: string;
  /** Of the first start, to become the operator. */
  readonly setupCode?: string;
  /** Of the installation: makes an account whatever the registration policy says. Nobody is signed in by it. */
  readonly operatorToken?: string;
}

export interface AppSessionOptions {
  /** Names the device in the list of sessions. */
  readonly device: string;
  readonly appVersion?: string;
  /** A session to end in the same step, when there are too many. */
  readonly end?: string;
}

/** A person at the website: what the pages do, without pages. Passphrase and keys never leave this process opened. */
export class Account {
  #view: AccountView;

  private constructor(
    private readonly website: Website,
    view: AccountView,
    readonly symmetricKey: SymmetricKey,
  ) {
    this.#view = view;
  }

  get view(): AccountView {
    return this.#view;
  }

  /** The recovery code is shown to the person once; nobody else has it. */
  static async signUp(
    options: AccountOptions,
    { passphrase, email, firstName = '', lastName = '', setupCode, operatorToken }: NewAccount,
  ): Promise<{ account: Account; recoveryCode: string }> {
    const website = websiteAt(options);
    const { send, recoveryCode, symmetricKey } = await newAccountKeys(passphrase, argon2id);
    const person = { email, firstName, lastName, ...(setupCode === undefined ? {} : { setupCode }) };
    // Whoever loses the answer has an account whose recovery code nobody has seen: the same is asked again.
    const key = crypto.randomUUID();
    const { account } = await again(() => website.signUp({ ...send, ...person }, { key, operatorToken }));
    return { account: new Account(website, account, symmetricKey), recoveryCode };
  }

  static async signIn(options: AccountOptions, email: string, passphrase: string): Promise<Account> {
    const website = websiteAt(options);
    const { kdf } = await website.kdf(email);
    const { authenticationKey, derivedKey } = await passphraseSecrets(passphrase, kdf, argon2id);
    const { account } = await website.signIn(email, authenticationKey);
    return new Account(website, account, await openSymmetricKey(account.encSymmetricKey, derivedKey));
  }

  /** With the recovery code: a new passphrase and a new code; all other sessions end. */
  static async recover(
    options: AccountOptions,
    { email, code, passphrase }: { email: string; code: string; passphrase: string },
  ): Promise<{ account: Account; recoveryCode: string }> {
    const website = websiteAt(options);
    const { authenticationKey: recoveryKey, derivedKey } = recoverySecrets(code);
    const material = await website.startRecovery(email, recoveryKey);
    const symmetricKey = await openSymmetricKey(material.encSymmetricKey, derivedKey);
    const { keys: next } = await passphraseKeys(passphrase, symmetricKey, argon2id);
    const { recovery, recoveryCode } = await newRecovery(symmetricKey);
    const { account } = await website.finishRecovery({ email, recoveryKey, next, recovery });
    return { account: new Account(website, account, symmetricKey), recoveryCode };
  }

  async changePassphrase(current: string, passphrase: string): Promise<void> {
    const { authenticationKey } = await passphraseSecrets(current, this.view.kdf, argon2id);
    const { keys } = await passphraseKeys(passphrase, this.symmetricKey, argon2id);
    this.#view = (await this.website.changePassphrase(authenticationKey, keys)).account;
  }

  /** The code until now ends with it. */
  async replaceRecoveryCode(passphrase: string): Promise<string> {
    const { authenticationKey } = await passphraseSecrets(passphrase, this.view.kdf, argon2id);
    const { recovery, recoveryCode } = await newRecovery(this.symmetricKey);
    await again(() => this.website.replaceRecovery(authenticationKey, recovery));
    return recoveryCode;
  }

  /** What an app needs to be signed in. Over the limit of devices the refusal lists the sessions to choose from. */
  async startAppSession({ device, appVersion = '', end }: AppSessionOptions): Promise<AppSession> {
    const body = { device, appVersion, ...(end === undefined ? {} : { end }) };
    const { token } = await this.website.startAppSession(body).catch(async (error: unknown) => {
      throw await this.#withSessions(error);
    });
    return appSession(token, this.view, this.symmetricKey);
  }

  sessions(): Promise<Sessions> {
    return this.website.sessions();
  }

  async endSession(session: string): Promise<void> {
    await this.website.endSession(session);
  }

  async verifyEmail(token: string): Promise<void> {
    await this.website.verifyEmail(token);
  }

  async becomeOperator(setupCode: string): Promise<void> {
    await this.website.makeOperator(setupCode);
  }

  async signOut(): Promise<void> {
    await this.website.signOut();
  }

  async #withSessions(error: unknown): Promise<unknown> {
    if (!(error instanceof DeviceError) || error.code !== 'DEVICE_LIMIT') return error;
    const { items } = await this.website.sessions();
    return new DeviceError(error.code, error.text, {
      cause: error,
      details: items.filter(({ kind }) => kind === 'app'),
      ...(error.requestId === undefined ? {} : { requestId: error.requestId }),
    });
  }
}

const TIMES = 4;

/** The identical call, as long as nobody knows whether it was done. */
async function again<T>(call: () => Promise<T>): Promise<T> {
  for (let time = 1; ; time++) {
    try {
      return await call();
    } catch (error) {
      if (!isUnknownOutcome(error) || time === TIMES) throw error;
    }
  }
}

const websiteAt = ({ url, fetch }: AccountOptions): Website => new Website(new Http(url, fetch));
