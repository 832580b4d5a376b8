import { Matches } from 'class-validator';
import type { NewEvent } from './event.js';

/** Somebody came in without the passphrase: loud on purpose, with a mail. */
export class RecoveryCodeUsedV1 {
  @Matches(/^acct_[0-9a-z]+$/)
  readonly account!: string;
}

export type RecoveryCodeUsed = NewEvent<RecoveryCodeUsedV1> & {
  readonly type: 'RecoveryCodeUsed';
  readonly typeVersion: 1;
};

export const recoveryCodeUsed = (data: RecoveryCodeUsedV1): RecoveryCodeUsed => ({
  type: 'RecoveryCodeUsed',
  typeVersion: 1,
  data,
});
