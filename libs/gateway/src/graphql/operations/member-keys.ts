import { DomainError, type MemberKey, type WrappedKey } from '@tidemark/contracts';

export interface KeyInput {
  readonly accountId: string;
  readonly encSymmetricKey: string;
}

/**
 * The wrapped keys that are kept: those of members, each as long as its member's RSA key (obligations O12, O19). The
 * app wraps for whomever it was told of a moment ago, so keys of others are no mistake of its user.
 */
export function keysOfMembers(
  given: readonly KeyInput[],
  members: readonly MemberKey[],
  self: string,
): WrappedKey[] {
  const publicKeys = new Map(members.map(({ account, publicKey }) => [account, publicKey]));
  const kept = given.filter(({ accountId }) => publicKeys.has(accountId));
  for (const { accountId, encSymmetricKey } of kept)
    if (!fits(encSymmetricKey, publicKeys.get(accountId)!)) throw misshapen(accountId);
  const keys = new Map(kept.map(({ accountId, encSymmetricKey }) => [accountId, encSymmetricKey]));
  if (!keys.has(self)) throw withoutOwn();
  return [...keys].map(([account, key]) => ({ account, key }));
}

/** Two digits per byte of the modulus. */
const fits = (key: string, publicKey: string): boolean =>
  key.length === 2 * modulusBytes(publicKey) && !/[^0-9a-f]/.test(key);

function modulusBytes(publicKey: string): number {
  const { n } = JSON.parse(publicKey) as { n: string };
  return Buffer.from(n, 'base64url').length;
}

const misshapen = (account: string) =>
  new DomainError(
    'INVALID_CIPHERTEXT',
    'A key of this file is not encrypted as the app does it: lower-case hexadecimal digits, two per byte of the RSA key. Nothing was saved.',
    [{ field: 'teamKeys', id: account }],
  );

const withoutOwn = () =>
  new DomainError(
    'KEYS_INCOMPLETE',
    'The key of this file is missing for your own account. Sign out of the app, sign in again and retry.',
    [{ field: 'teamKeys' }],
  );
