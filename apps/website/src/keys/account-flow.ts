import {
  E2eeError,
  type NewAccountKeys,
  newAccountKeys,
  newRecovery,
  openSymmetricKey,
  passphraseKeys,
  passphraseSecrets,
  recoverySecrets,
  type Secrets,
  type SymmetricKey,
} from '@tidemark/e2ee';
import { ApiError, isUnanswered, post } from '../api/call.js';
import type { Account, RecoveryMaterial } from '../api/types.js';

// What the server is told, and what stays in the page. Nothing here is ever stored by the browser.

/** Of somebody who has typed the passphrase since the page was loaded. */
export interface Unlocked {
  readonly account: Account;
  readonly derivedKey: string;
}

export interface SignUp {
  readonly email: string;
  readonly passphrase: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly setupCode?: string;
}

/**
 * For one form: tried again after a lost answer, it goes on with the keys it made, which the server may know by then. It is
 * their recovery code that the person will be shown.
 */
export function signUps(): (form: SignUp) => Promise<{ unlocked: Unlocked; recoveryCode: string }> {
  let made: { passphrase: string; keys: Promise<NewAccountKeys>; ask: Asking } | undefined;
  return async ({ passphrase, setupCode, ...person }) => {
    if (made?.passphrase !== passphrase)
      made = { passphrase, keys: newAccountKeys(passphrase), ask: untilAnswered() };
    const { send, recoveryCode, derivedKey } = await made.keys;
    const code = setupCode ? { setupCode } : {};
    const account = await made.ask('sign-up', { ...person, ...send, ...code }, send.authenticationKey);
    return { unlocked: { account, derivedKey }, recoveryCode };
  };
}

type Asking = (path: string, body: { email: string }, authenticationKey: string) => Promise<Account>;

/** What was refused after an answer was lost may have been done the first time: then the new keys open the account. */
function untilAnswered(): Asking {
  let unsure = false;
  return async (path, body, authenticationKey) => {
    try {
      return (await post<{ account: Account }>(path, body)).account;
    } catch (error) {
      if (unsure && !isUnanswered(error)) return await signedIn(body.email, authenticationKey, error);
      unsure ||= isUnanswered(error);
      throw error;
    }
  };
}

async function signedIn(email: string, authenticationKey: string, refusal: unknown): Promise<Account> {
  try {
    return (await post<{ account: Account }>('sign-in', { email, authenticationKey })).account;
  } catch {
    throw refusal;
  }
}

export async function signIn(email: string, passphrase: string): Promise<Unlocked> {
  const { kdf } = await post<{ kdf: Account['kdf'] }>('kdf', { email });
  const { authenticationKey, derivedKey } = await passphraseSecrets(passphrase, kdf);
  const { account } = await post<{ account: Account }>('sign-in', { email, authenticationKey });
  return { account, derivedKey };
}

/** Signed in already, but the page does not know the passphrase any more. */
export async function unlock(account: Account, passphrase: string): Promise<Unlocked> {
  const { derivedKey } = await opened(account, passphrase);
  return { account, derivedKey };
}

async function opened(
  account: Account,
  passphrase: string,
): Promise<Secrets & { symmetricKey: SymmetricKey }> {
  const secrets = await passphraseSecrets(passphrase, account.kdf);
  try {
    return { ...secrets, symmetricKey: await openSymmetricKey(account.encSymmetricKey, secrets.derivedKey) };
  } catch (error) {
    if (error instanceof E2eeError && error.kind === 'undecryptable')
      throw new ApiError('INVALID_CREDENTIALS', 'This is not your passphrase. Check it and try again.');
    throw error;
  }
}

export async function changePassphrase(
  account: Account,
  passphrase: string,
  next: string,
): Promise<Unlocked> {
  const { authenticationKey, symmetricKey } = await opened(account, passphrase);
  const { keys, derivedKey } = await passphraseKeys(next, symmetricKey);
  const changed = await post<{ account: Account }>('passphrase', { authenticationKey, next: keys });
  return { account: changed.account, derivedKey };
}

/** A code that the person can write down before it counts. */
export interface PreparedCode<T> {
  readonly recoveryCode: string;
  readonly confirm: () => Promise<T>;
}

export async function newRecoveryCode(account: Account, passphrase: string): Promise<PreparedCode<void>> {
  const { authenticationKey, symmetricKey } = await opened(account, passphrase);
  const { recovery, recoveryCode } = await newRecovery(symmetricKey);
  return { recoveryCode, confirm: () => post('recovery-code', { authenticationKey, recovery }) };
}

export interface Recovery {
  readonly email: string;
  readonly code: string;
  readonly passphrase: string;
}

/** A new passphrase and a new code for the same keys; the old code ends with its use. */
export async function recover({ email, code, passphrase }: Recovery): Promise<PreparedCode<Unlocked>> {
  const { authenticationKey: recoveryKey, derivedKey: codeKey } = recoverySecrets(code);
  const material = await post<RecoveryMaterial>('recovery/start', { email, recoveryKey });
  const symmetricKey = await openSymmetricKey(material.encSymmetricKey, codeKey);
  const { keys: next, derivedKey } = await passphraseKeys(passphrase, symmetricKey);
  const { recovery, recoveryCode } = await newRecovery(symmetricKey);
  const [finish, ask] = [{ email, recoveryKey, next, recovery }, untilAnswered()];
  const confirm = async () => ({
    account: await ask('recovery/finish', finish, next.authenticationKey),
    derivedKey,
  });
  return { recoveryCode, confirm };
}
