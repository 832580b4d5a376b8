import { argon2idAsync } from '@noble/hashes/argon2.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { type Bytes, fromHex, randomBytes, toHex, utf8 } from './bytes.js';
import { E2eeError } from './errors.js';

/** How a passphrase becomes keys; kept with the account, so that a later version can cost more. */
export interface Kdf {
  readonly v: 1;
  /** KiB */
  readonly m: number;
  readonly t: number;
  readonly p: number;
  /** 32 hexadecimal digits */
  readonly salt: string;
}

/** Two halves of one secret: the server is told the first, the second opens the account's keys and stays. */
export interface Secrets {
  readonly authenticationKey: string;
  /** The 32 bytes that the login hand-off calls `key`. */
  readonly derivedKey: string;
}

export type Argon2id = (
  password: Bytes,
  options: { salt: Bytes; m: number; t: number; p: number },
) => Promise<Uint8Array>;

export const newKdf = (): Kdf => ({ v: 1, m: 65_536, t: 3, p: 1, salt: toHex(randomBytes(16)) });

/** Counted in characters as people see them typed, blanks at the ends aside. */
export const shortestPassphrase = 8;

/** What is typed here or there, composed or not, is the same passphrase. */
export const normalizedPassphrase = (passphrase: string): string => passphrase.trim().normalize('NFKD');

export const isLongEnough = (passphrase: string): boolean =>
  [...passphrase.trim().normalize('NFC')].length >= shortestPassphrase;

const ours: Argon2id = (password, { salt, m, t, p }) => argon2idAsync(password, salt, { m, t, p, dkLen: 32 });

/** About a second. `argon2id` may be a quicker one of the place it runs in; the result is the same. */
export async function passphraseSecrets(
  passphrase: string,
  { v, m, t, p, salt }: Kdf,
  argon2id: Argon2id = ours,
): Promise<Secrets> {
  if ((v as number) !== 1)
    throw new E2eeError('malformed', 'a newer kind of passphrase keys than known here');
  const master = await argon2id(utf8(normalizedPassphrase(passphrase)), { salt: fromHex(salt), m, t, p });
  return splitSecrets(master, 'tidemark');
}

export const splitSecrets = (master: Uint8Array, purpose: string): Secrets => ({
  authenticationKey: expanded(master, `${purpose} authentication v1`),
  derivedKey: expanded(master, `${purpose} key encryption v1`),
});

const expanded = (master: Uint8Array, info: string): string =>
  toHex(hkdf(sha256, master, undefined, utf8(info), 32));
