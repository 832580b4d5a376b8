import {
  E2eeError,
  newAccountKeys,
  newRecovery,
  openSymmetricKey,
  type PassphraseKeys,
  passphraseKeys,
  passphraseSecrets,
  type RecoveryKeys,
  recoverySecrets,
  type Secrets,
  type SymmetricKey,
} from '@tidemark/e2ee';
import { ApiError, post } from '../api/call.js';
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

export async function signUp({ passphrase, setupCode, ...person }: SignUp) {
  const { send, recoveryCode, derivedKey } = await newAccountKeys(passphrase);
  const code = setupCode ? { setupCode } : {};
  const { account } = await post<{ account: Account }>('sign-up', { ...person, ...send, ...code });
  return { unlocked: { account, derivedKey }, recoveryCode };
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

export async function renewRecoveryCode(account: Account, passphrase: string): Promise<string> {
  const { authenticationKey, symmetricKey } = await opened(account, passphrase);
  const { recovery, recoveryCode } = await newRecovery(symmetricKey);
  await post('recovery-code', { authenticationKey, recovery });
  return recoveryCode;
}

export interface Recovery {
  readonly email: string;
  readonly code: string;
  readonly passphrase: string;
}

interface FinishRecovery {
  readonly email: string;
  readonly recoveryKey: string;
  readonly next: PassphraseKeys;
  readonly recovery: RecoveryKeys;
}

/** A new passphrase and a new code for the same keys; the old code ends with its use. */
export async function recover({ email, code, passphrase }: Recovery) {
  const { authenticationKey: recoveryKey, derivedKey: codeKey } = recoverySecrets(code);
  const material = await post<RecoveryMaterial>('recovery/start', { email, recoveryKey });
  const symmetricKey = await openSymmetricKey(material.encSymmetricKey, codeKey);
  const { keys: next, derivedKey } = await passphraseKeys(passphrase, symmetricKey);
  const { recovery, recoveryCode } = await newRecovery(symmetricKey);
  const finish: FinishRecovery = { email, recoveryKey, next, recovery };
  const { account } = await post<{ account: Account }>('recovery/finish', finish);
  return { unlocked: { account, derivedKey }, recoveryCode };
}
