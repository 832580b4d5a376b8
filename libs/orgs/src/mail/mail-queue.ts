import { randomUUID } from 'node:crypto';
import type { Tx } from '@tidemark/runtime';

export const mailKinds = [
  'verify-email',
  'passphrase-changed',
  'recovery-code-used',
  'recovery-code-replaced',
] as const;
export type MailKind = (typeof mailKinds)[number];

/** Commits with what the mail tells of: neither is there without the other. The person is looked up when it is sent. */
export async function queueMail(tx: Tx, account: string, kind: MailKind, now: Date): Promise<void> {
  await tx.query(
    'insert into mails (id, account, kind, at, due_at) values ($1, $2, $3, $4, $4)',
    [randomUUID(), account, kind, now],
    'queue-mail',
  );
}
