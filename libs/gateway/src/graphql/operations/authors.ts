import {
  isAccountId,
  OPERATOR_ACCOUNT,
  projectMessages,
  type Person,
  type StoredSnapshot,
} from '@tidemark/contracts';
import type { Items } from '../../asking/items.js';
import type { Call } from '../call.js';

export interface Author {
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
}

export type Authors = ReadonlyMap<string, Author>;

const MOST = 1_000;

/**
 * Names of those who claim to have written the snapshots, as far as they are or were members; `orgs` leaves out the rest. An
 * author is a claim, so it may be anything.
 */
export async function authorsOf(
  call: Call,
  org: string,
  stored: readonly StoredSnapshot[],
): Promise<Authors> {
  const claimed = new Set(stored.map(({ author }) => author).filter(isPersonal));
  if (claimed.size === 0) return new Map();
  const accounts = [...claimed].slice(0, MOST);
  const { items } = await call.send<Items<Person>>(projectMessages.people, { org, accounts }, org);
  return new Map(
    items.map(({ account, firstName, lastName, email }) => [account, { firstName, lastName, email }]),
  );
}

const isPersonal = (author: string) => isAccountId(author) && author !== OPERATOR_ACCOUNT;
