import { Matches } from 'class-validator';
import type { NewEvent } from './event.js';

export class RecoveryCodeReplacedV1 {
  @Matches(/^acct_[0-9a-z]+$/)
  readonly account!: string;
}

export type RecoveryCodeReplaced = NewEvent<RecoveryCodeReplacedV1> & {
  readonly type: 'RecoveryCodeReplaced';
  readonly typeVersion: 1;
};

export const recoveryCodeReplaced = (data: RecoveryCodeReplacedV1): RecoveryCodeReplaced => ({
  type: 'RecoveryCodeReplaced',
  typeVersion: 1,
  data,
});
