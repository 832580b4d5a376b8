import { DomainError } from '@tidemark/contracts';
import type { StreamTx } from '@tidemark/event-store';
import type { Tx } from '@tidemark/runtime';
import { asAccount } from '../account/account-streams.js';
import type { OrgsContext } from '../orgs.context.js';
import { REMEMBERED_MS, secondsToWait, type GuessRule } from './guess-rules.js';

/** Something by which failures are counted. */
export interface Counted {
  readonly key: Buffer;
  readonly rule: GuessRule;
}

/** What a transaction says of a guess that was wrong. It has written nothing else. */
export class WrongGuess {
  constructor(readonly refusal: DomainError) {}
}

/** A transaction in which something can be guessed: wrong guesses are counted, and refused when there were too many. */
export async function guarded<T>(
  { transactions, turnstile }: OrgsContext,
  { account, counted, now }: { account: string; counted: readonly Counted[]; now: Date },
  work: (tx: StreamTx) => Promise<T | WrongGuess>,
): Promise<T> {
  const result = await turnstile.through(() =>
    asAccount(transactions, account, async (tx) => {
      await mayGuess(tx, counted, now);
      const result = await work(tx);
      if (result instanceof WrongGuess) await guessedWrong(tx, counted, now);
      return result;
    }),
  );
  if (result instanceof WrongGuess) throw result.refusal;
  return result;
}

/** Counts something that is done on request, as if each time were a failure. */
export async function takeTurn(tx: Tx, counted: readonly Counted[], now: Date): Promise<void> {
  await mayGuess(tx, counted, now);
  await guessedWrong(tx, counted, now);
}

/**
 * Until the transaction ends, nobody else tries by these keys: of guesses sent at the same moment each one sees the
 * failures of those before it. Always account first, address second, so that two cannot wait for each other.
 */
async function mayGuess(tx: Tx, counted: readonly Counted[], now: Date): Promise<void> {
  if (counted.length === 0) return;
  const rows = await tx.query<{ key: Buffer; failures: Date[] }>(
    `insert into guesses (key, failures, last_at)
     select key, '{}', $2 from unnest($1::bytea[]) key
     on conflict (key) do update set last_at = guesses.last_at
     returning key, failures`,
    [counted.map(({ key }) => key), now],
    'lock-guesses',
  );
  const waits = counted.map(({ key, rule }) =>
    secondsToWait(rule, rows.find((row) => row.key.equals(key))?.failures ?? [], now),
  );
  const wait = Math.max(0, ...waits);
  if (wait > 0) throw tooManyTries(wait);
}

async function guessedWrong(tx: Tx, counted: readonly Counted[], now: Date): Promise<void> {
  await tx.query(
    `update guesses set last_at = $2,
       failures = array(select f from unnest(failures) f where f > $3 order by f) || array[$2::timestamptz]
     where key = any ($1::bytea[])`,
    [counted.map(({ key }) => key), now, new Date(now.getTime() - REMEMBERED_MS)],
    'guessed-wrong',
  );
}

const tooManyTries = (seconds: number) =>
  new DomainError('RATE_LIMITED', `Too many tries. Try again in ${inWords(seconds)}.`, [], {
    retryAfter: seconds,
  });

const inWords = (seconds: number): string => {
  const [count, unit] = seconds < 90 ? [seconds, 'second'] : [Math.ceil(seconds / 60), 'minute'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
};
