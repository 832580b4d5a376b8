import { personalOrgOf, unauthorized, type AccountView, type Kdf, type SignUp } from '@tidemark/contracts';
import type { Tx } from '@tidemark/runtime';

/** A row of `accounts` with the person's. */
export interface AccountRow {
  readonly account: string;
  readonly created_at: Date;
  readonly email_verified: boolean;
  readonly operator: boolean;
  readonly kdf: Kdf;
  readonly authentication: Buffer;
  readonly recovery: Buffer;
  readonly enc_symmetric_key: string;
  readonly recovery_symmetric_key: string;
  readonly enc_private_key: string;
  readonly public_key: string;
  readonly email: string;
  readonly first_name: string;
  readonly last_name: string;
}

const SELECT = `
  select a.*, p.email, p.first_name, p.last_name
  from accounts a join people p on p.account = a.account where a.account = $1`;

export async function findAccount(tx: Tx, account: string): Promise<AccountRow | undefined> {
  const rows = await tx.query<AccountRow>(SELECT, [account], 'find-account');
  return rows[0];
}

/**
 * Whoever changes something about the account, or lets somebody in by a secret of it, waits here for whoever was first, and
 * sees what they left. Before any row or stream of the account, so that two cannot wait for each other.
 */
export async function lockAccount(tx: Tx, account: string): Promise<AccountRow | undefined> {
  const rows = await tx.query<AccountRow>(`${SELECT} for update of a`, [account], 'lock-account');
  return rows[0];
}

export async function lockedAccount(tx: Tx, account: string): Promise<AccountRow> {
  const row = await lockAccount(tx, account);
  if (!row) throw unauthorized();
  return row;
}

/** In one order of its fields, however the database keeps them: a made-up record must look the same. */
export const kdfOf = ({ v, m, t, p, salt }: Kdf): Kdf => ({ v, m, t, p, salt });

export const viewOf = (row: AccountRow): AccountView => ({
  id: row.account,
  email: row.email,
  firstName: row.first_name,
  lastName: row.last_name,
  emailVerified: row.email_verified,
  operator: row.operator,
  createdAt: row.created_at.toISOString(),
  personalOrg: personalOrgOf(row.account),
  kdf: kdfOf(row.kdf),
  publicKey: row.public_key,
  encPrivateKey: row.enc_private_key,
  encSymmetricKey: row.enc_symmetric_key,
});

export interface NewAccount {
  readonly account: string;
  readonly now: Date;
  readonly operator: boolean;
  readonly authentication: Buffer;
  readonly recovery: Buffer;
}

/** The account, the person behind it, and the first entry of the history of its keys. */
export async function insertAccount(tx: Tx, made: NewAccount, message: SignUp): Promise<void> {
  await tx.query(
    `with person as (
       insert into people (account, email, first_name, last_name) values ($1, $2, $3, $4)
     ), key as (
       insert into key_history (account, version, at, public_key) values ($1, 1, $5, $13)
     )
     insert into accounts (account, created_at, email_verified, operator, kdf, authentication, recovery,
       enc_symmetric_key, recovery_symmetric_key, enc_private_key, public_key)
     values ($1, $5, false, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      made.account,
      message.email.trim(),
      message.firstName,
      message.lastName,
      made.now,
      made.operator,
      JSON.stringify(message.kdf),
      made.authentication,
      made.recovery,
      message.encSymmetricKey,
      message.recovery.encSymmetricKey,
      message.encPrivateKey,
      message.publicKey,
    ],
    'insert-account',
  );
}
