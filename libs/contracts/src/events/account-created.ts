import { Matches } from 'class-validator';
import type { NewEvent } from './event.js';

/** An account exists. Who it is stands in one mutable table. */
export class AccountCreatedV1 {
  @Matches(/^acct_[0-9a-z]+$/)
  readonly account!: string;
}

export type AccountCreated = NewEvent<AccountCreatedV1> & {
  readonly type: 'AccountCreated';
  readonly typeVersion: 1;
};

export const accountCreated = (data: AccountCreatedV1): AccountCreated => ({
  type: 'AccountCreated',
  typeVersion: 1,
  data,
});
