import { aesMessageText, type AesKey, decryptText, encryptText, parseAesMessage } from './aes-message.js';
import { type Argon2id, type Kdf, newKdf, passphraseSecrets } from './passphrase.js';
import { newRecoveryCode, recoverySecrets } from './recovery-code.js';
import { newKeyPair, parsePrivateKey, type PrivateKey, publicKeyText } from './rsa-key.js';
import { newSymmetricKey, parseSymmetricKey, type SymmetricKey, symmetricKeyText } from './symmetric-key.js';

/** What the server keeps of a passphrase: how it is stretched, a proof of it, and the key that it wraps. */
export interface PassphraseKeys {
  readonly kdf: Kdf;
  readonly authenticationKey: string;
  readonly encSymmetricKey: string;
}

/** The same of a recovery code. */
export interface RecoveryKeys {
  readonly authenticationKey: string;
  readonly encSymmetricKey: string;
}

/** JSON texts, as `whoami` hands them out. */
export interface AccountKeyTexts {
  readonly publicKey: string;
  readonly encPrivateKey: string;
}

export interface NewAccountKeys {
  /** For the server. */
  readonly send: AccountKeyTexts & PassphraseKeys & { readonly recovery: RecoveryKeys };
  /** For the person alone. */
  readonly recoveryCode: string;
  readonly derivedKey: string;
  readonly symmetricKey: SymmetricKey;
}

const wrap = async (key: AesKey, text: string): Promise<string> =>
  aesMessageText(await encryptText(key, text));

/** All that an account begins with. */
export async function newAccountKeys(passphrase: string, argon2id?: Argon2id): Promise<NewAccountKeys> {
  const symmetricKey = newSymmetricKey();
  const pair = await newKeyPair();
  const { keys, derivedKey } = await passphraseKeys(passphrase, symmetricKey, argon2id);
  const { recovery, recoveryCode } = await newRecovery(symmetricKey);
  const encPrivateKey = await wrap(symmetricKey, JSON.stringify(pair.privateKey));
  const send = { ...keys, publicKey: publicKeyText(pair.publicKey), encPrivateKey, recovery };
  return { send, recoveryCode, derivedKey, symmetricKey };
}

/** Of a new passphrase, for the same account key: at sign-up, change and recovery. */
export async function passphraseKeys(
  passphrase: string,
  symmetricKey: SymmetricKey,
  argon2id?: Argon2id,
): Promise<{ keys: PassphraseKeys; derivedKey: string }> {
  const kdf = newKdf();
  const { authenticationKey, derivedKey } = await passphraseSecrets(passphrase, kdf, argon2id);
  const encSymmetricKey = await wrap(derivedKey, symmetricKeyText(symmetricKey));
  return { keys: { kdf, authenticationKey, encSymmetricKey }, derivedKey };
}

export async function newRecovery(
  symmetricKey: SymmetricKey,
): Promise<{ recovery: RecoveryKeys; recoveryCode: string }> {
  const recoveryCode = newRecoveryCode();
  const { authenticationKey, derivedKey } = recoverySecrets(recoveryCode);
  const encSymmetricKey = await wrap(derivedKey, symmetricKeyText(symmetricKey));
  return { recovery: { authenticationKey, encSymmetricKey }, recoveryCode };
}

/** With the derived key of a passphrase or of a recovery code. */
export const openSymmetricKey = async (encSymmetricKey: string, derivedKey: string): Promise<SymmetricKey> =>
  parseSymmetricKey(await decryptText(derivedKey, parseAesMessage(encSymmetricKey)));

export const openPrivateKey = async (
  encPrivateKey: string,
  symmetricKey: SymmetricKey,
): Promise<PrivateKey> => parsePrivateKey(await decryptText(symmetricKey, parseAesMessage(encPrivateKey)));
