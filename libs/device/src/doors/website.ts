import type { Kdf, PassphraseKeys, RecoveryKeys } from '@tidemark/e2ee';
import type { Http } from './http.js';
import { refusalOf } from './refusal.js';

export interface AccountView {
  readonly id: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly emailVerified: boolean;
  readonly operator: boolean;
  readonly createdAt: string;
  readonly personalOrg: string;
  readonly kdf: Kdf;
  readonly publicKey: string;
  readonly encPrivateKey: string;
  readonly encSymmetricKey: string;
}

export interface SessionView {
  readonly id: string;
  readonly kind: 'app' | 'web';
  readonly device: string;
  readonly appVersion: string;
  readonly createdAt: string;
  readonly lastSeenAt: string;
  readonly expiresAt: string;
}

export interface Sessions {
  readonly items: readonly SessionView[];
  readonly current: string;
  readonly limit: number;
}

export interface SignUpBody extends PassphraseKeys {
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly publicKey: string;
  readonly encPrivateKey: string;
  readonly recovery: RecoveryKeys;
  readonly setupCode?: string;
}

export interface RecoveryMaterial {
  readonly encSymmetricKey: string;
  readonly encPrivateKey: string;
  readonly publicKey: string;
}

/** What the pages of the website ask, with their cookies, from a place that is no browser. */
export class Website {
  readonly #cookies = new Map<string, string>();

  constructor(private readonly http: Http) {}

  kdf = (email: string) => this.#post<{ kdf: Kdf }>('/app/api/kdf', { email });

  /** `key` names the wish: sent again with it, it is one account. */
  signUp = (body: SignUpBody, { key, operatorToken }: { key: string; operatorToken?: string | undefined }) =>
    this.#ask<{ account: AccountView }>('POST', '/app/api/sign-up', body, {
      'idempotency-key': key,
      ...(operatorToken === undefined ? {} : { authorization: `Bearer ${operatorToken}` }),
    });

  signIn = (email: string, authenticationKey: string) =>
    this.#post<{ account: AccountView }>('/app/api/sign-in', { email, authenticationKey });

  async signOut(): Promise<void> {
    await this.#ask('POST', '/app/api/sign-out');
    this.#cookies.clear();
  }

  account = () => this.#ask<{ account: AccountView; session: string }>('GET', '/app/api/account');

  startAppSession = (body: { device: string; appVersion: string; end?: string }) =>
    this.#post<{ session: string; token: string }>('/app/api/app-sessions', body);

  sessions = () => this.#ask<Sessions>('GET', '/app/api/sessions');

  endSession = (session: string) => this.#ask<undefined>('DELETE', `/app/api/sessions/${session}`);

  changePassphrase = (authenticationKey: string, next: PassphraseKeys) =>
    this.#post<{ account: AccountView }>('/app/api/passphrase', { authenticationKey, next });

  replaceRecovery = (authenticationKey: string, recovery: RecoveryKeys) =>
    this.#post<undefined>('/app/api/recovery-code', { authenticationKey, recovery });

  startRecovery = (email: string, recoveryKey: string) =>
    this.#post<RecoveryMaterial>('/app/api/recovery/start', { email, recoveryKey });

  finishRecovery = (body: {
    email: string;
    recoveryKey: string;
    next: PassphraseKeys;
    recovery: RecoveryKeys;
  }) => this.#post<{ account: AccountView }>('/app/api/recovery/finish', body);

  verifyEmail = (token: string) => this.#post<undefined>('/app/api/email-verification', { token });

  makeOperator = (setupCode: string) =>
    this.#post<{ account: AccountView }>('/app/api/operator', { setupCode });

  #post<T>(path: string, body: object): Promise<T> {
    return this.#ask('POST', path, body);
  }

  async #ask<T>(method: string, path: string, body?: object, more: Record<string, string> = {}): Promise<T> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await this.http.ask(path, {
      method,
      headers: { origin: new URL(this.http.url).origin, ...(cookie === '' ? {} : { cookie }), ...more },
      ...(body === undefined ? {} : { body }),
    });
    for (const text of answer.headers.getSetCookie()) this.#take(text);
    if (answer.status < 200 || answer.status > 299)
      throw refusalOf(answer.status, answer.body, answer.requestId);
    return answer.body as T;
  }

  #take(text: string): void {
    const [, name, value] = /^([^=;]+)=([^;]*)/.exec(text) ?? [];
    if (name === undefined) return;
    const gone = value === '' || /;\s*max-age=0\b/i.test(text) || /;\s*expires=Thu, 01 Jan 1970/i.test(text);
    if (gone) this.#cookies.delete(name);
    else this.#cookies.set(name, value!);
  }
}
