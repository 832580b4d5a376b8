import { unauthorized, type ActorContext } from '@tidemark/contracts';
import { isPerson } from './account.js';

/** Whose own account is meant: neither the operator token nor somebody who has not signed in has one. */
export function personOf({ account }: ActorContext): string {
  if (!isPerson(account)) throw unauthorized();
  return account;
}
