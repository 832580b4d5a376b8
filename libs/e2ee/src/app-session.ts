import { type AesMessage, parseAesMessage } from './aes-message.js';
import { parsePublicKey, type PublicKey } from './rsa-key.js';
import type { SymmetricKey } from './symmetric-key.js';

/** What the app reads from INSOMNIA_SESSION: objects, where `whoami` has texts. */
export interface AppSession {
  readonly id: string;
  readonly accountId: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly symmetricKey: SymmetricKey;
  readonly publicKey: PublicKey;
  readonly encPrivateKey: AesMessage;
}

export interface SessionAccount {
  readonly id: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly publicKey: string;
  readonly encPrivateKey: string;
}

export const appSession = (
  token: string,
  { id, firstName, lastName, email, publicKey, encPrivateKey }: SessionAccount,
  symmetricKey: SymmetricKey,
): AppSession => ({
  id: token,
  accountId: id,
  firstName,
  lastName,
  email,
  symmetricKey,
  publicKey: parsePublicKey(publicKey),
  encPrivateKey: parseAesMessage(encPrivateKey),
});
