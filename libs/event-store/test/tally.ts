import { DomainError, type NewEvent } from '@tidemark/contracts';
import type { Decider } from '../src/decider.js';

/** A sum that grows until it is closed: rules enough to win, lose, refuse and do nothing. */
export interface Tally {
  readonly status: 'open' | 'closed';
  readonly sum: number;
  readonly lastAt?: string;
}

export type TallyCommand =
  { readonly kind: 'add'; readonly amounts: readonly number[] } | { readonly kind: 'close' };

type TallyEvent =
  | (NewEvent<{ readonly amount: number }> & { readonly type: 'Added' })
  | (NewEvent & { readonly type: 'Closed' });

export const added = (amount: number): TallyEvent => ({ type: 'Added', typeVersion: 1, data: { amount } });
export const closed = (): TallyEvent => ({ type: 'Closed', typeVersion: 1, data: {} });

export const tallyDecider: Decider<TallyCommand, Tally, TallyEvent> = {
  schema: 1,
  initial: { status: 'open', sum: 0 },
  decide(command, { status }) {
    if (command.kind === 'close') return status === 'closed' ? [] : [closed()];
    if (status === 'closed') throw new DomainError('CONFLICT', 'This tally is closed.');
    return command.amounts.map(added);
  },
  evolve: (tally, event) =>
    event.type === 'Added'
      ? { ...tally, sum: tally.sum + event.data.amount, lastAt: event.at }
      : { ...tally, status: 'closed', lastAt: event.at },
};
