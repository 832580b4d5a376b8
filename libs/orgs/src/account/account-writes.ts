import type { PassphraseKeys } from '@tidemark/contracts';
import type { Tx } from '@tidemark/runtime';

export async function writePassphrase(
  tx: Tx,
  account: string,
  verifier: Buffer,
  { kdf, encSymmetricKey }: PassphraseKeys,
): Promise<void> {
  await tx.query(
    'update accounts set kdf = $2, authentication = $3, enc_symmetric_key = $4 where account = $1',
    [account, JSON.stringify(kdf), verifier, encSymmetricKey],
    'write-passphrase',
  );
}

export async function writeRecovery(
  tx: Tx,
  account: string,
  verifier: Buffer,
  encSymmetricKey: string,
): Promise<void> {
  await tx.query(
    'update accounts set recovery = $2, recovery_symmetric_key = $3 where account = $1',
    [account, verifier, encSymmetricKey],
    'write-recovery',
  );
}

export async function writeVerified(tx: Tx, account: string): Promise<void> {
  await tx.query('update accounts set email_verified = true where account = $1', [account], 'write-verified');
}

export async function writeOperator(tx: Tx, account: string): Promise<void> {
  await tx.query('update accounts set operator = true where account = $1', [account], 'write-operator');
}
