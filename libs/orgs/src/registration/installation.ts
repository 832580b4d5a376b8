import type { Tx } from '@tidemark/runtime';

/** The account is the first operator from now on, or was before; false when another one is. */
export async function becameFirstOperator(tx: Tx, account: string): Promise<boolean> {
  const rows = await tx.query(
    `update installation set first_operator = $1
     where first_operator is null or first_operator = $1 returning 1`,
    [account],
    'first-operator',
  );
  return rows.length > 0;
}

export async function firstOperator(tx: Tx): Promise<string | undefined> {
  const rows = await tx.query<{ first_operator: string | null }>(
    'select first_operator from installation',
    [],
    'look-for-operator',
  );
  return rows[0]?.first_operator ?? undefined;
}

/** Takes an address for an account, or says who has it. Of two who want it at once one waits for the other. */
export async function accountOfEmail(
  tx: Tx,
  email: Buffer,
  account: string,
): Promise<'taken now' | 'same' | 'other'> {
  const taken = await tx.query(
    'insert into email_index (email, account) values ($1, $2) on conflict do nothing returning 1',
    [email, account],
    'take-email',
  );
  const owners = await tx.query<{ account: string }>(
    'select account from email_index where email = $1',
    [email],
    'owner-of-email',
  );
  if (taken.length > 0) return 'taken now';
  return owners[0]?.account === account ? 'same' : 'other';
}
