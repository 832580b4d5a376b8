import { Matches } from 'class-validator';
import type { NewEvent } from './event.js';

export class EmailVerifiedV1 {
  @Matches(/^acct_[0-9a-z]+$/)
  readonly account!: string;
}

export type EmailVerified = NewEvent<EmailVerifiedV1> & {
  readonly type: 'EmailVerified';
  readonly typeVersion: 1;
};

export const emailVerified = (data: EmailVerifiedV1): EmailVerified => ({
  type: 'EmailVerified',
  typeVersion: 1,
  data,
});
