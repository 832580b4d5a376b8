import type { MemberKey, Person } from '@tidemark/contracts';
import type { Database } from '@tidemark/runtime';

/** The public keys of all members of an organization who have a key pair. */
export async function keysOfMembers(db: Database, org: string): Promise<MemberKey[]> {
  const rows = await db.one<{ account: string; public_key: string }>(
    'keys-of-members',
    'select * from keys_of_members($1)',
    [org],
  );
  return rows.map(({ account, public_key: publicKey }) => ({ account, publicKey }));
}

interface PersonRow {
  readonly account: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly email: string;
}

/** Those of `accounts` that are members of the organization. */
export async function peopleOf(db: Database, org: string, accounts: readonly string[]): Promise<Person[]> {
  const rows = await db.one<PersonRow>('people-of', 'select * from people_of($1, $2)', [org, accounts]);
  return rows.map(({ account, email, first_name: firstName, last_name: lastName }) => ({
    account,
    firstName,
    lastName,
    email,
  }));
}
