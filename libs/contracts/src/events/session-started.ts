import { IsIn, Matches } from 'class-validator';
import { IsSessionId } from '../messages/fields.js';
import type { NewEvent } from './event.js';

export class SessionStartedV1 {
  @Matches(/^acct_[0-9a-z]+$/)
  readonly account!: string;

  @IsSessionId()
  readonly session!: string;

  @IsIn(['app', 'web'])
  readonly kind!: 'app' | 'web';
}

export type SessionStarted = NewEvent<SessionStartedV1> & {
  readonly type: 'SessionStarted';
  readonly typeVersion: 1;
};

export const sessionStarted = (data: SessionStartedV1): SessionStarted => ({
  type: 'SessionStarted',
  typeVersion: 1,
  data,
});
