import { Matches } from 'class-validator';
import type { NewEvent } from './event.js';

/** The account is an operator of the installation from now on. */
export class OperatorMadeV1 {
  @Matches(/^acct_[0-9a-z]+$/)
  readonly account!: string;
}

export type OperatorMade = NewEvent<OperatorMadeV1> & {
  readonly type: 'OperatorMade';
  readonly typeVersion: 1;
};

export const operatorMade = (data: OperatorMadeV1): OperatorMade => ({
  type: 'OperatorMade',
  typeVersion: 1,
  data,
});
