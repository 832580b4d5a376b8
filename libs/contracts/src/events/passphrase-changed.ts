import { Matches } from 'class-validator';
import type { NewEvent } from './event.js';

export class PassphraseChangedV1 {
  @Matches(/^acct_[0-9a-z]+$/)
  readonly account!: string;
}

export type PassphraseChanged = NewEvent<PassphraseChangedV1> & {
  readonly type: 'PassphraseChanged';
  readonly typeVersion: 1;
};

export const passphraseChanged = (data: PassphraseChangedV1): PassphraseChanged => ({
  type: 'PassphraseChanged',
  typeVersion: 1,
  data,
});
