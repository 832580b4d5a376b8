import { IsIn, Matches } from 'class-validator';
import { IsSessionId } from '../messages/fields.js';
import type { NewEvent } from './event.js';

export class SessionEndedV1 {
  @Matches(/^acct_[0-9a-z]+$/)
  readonly account!: string;

  @IsSessionId()
  readonly session!: string;

  @IsIn(['signed-out', 'revoked', 'replaced', 'passphrase', 'recovery'])
  readonly reason!: 'signed-out' | 'revoked' | 'replaced' | 'passphrase' | 'recovery';
}

export type SessionEnded = NewEvent<SessionEndedV1> & {
  readonly type: 'SessionEnded';
  readonly typeVersion: 1;
};

export const sessionEnded = (data: SessionEndedV1): SessionEnded => ({
  type: 'SessionEnded',
  typeVersion: 1,
  data,
});
