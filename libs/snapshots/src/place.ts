import { fileAbsent, type ActorContext, type OfFile } from '@tidemark/contracts';

/** Where everything of one life of a file is kept. */
export interface Place {
  readonly org: string;
  readonly incarnation: string;
}

/** The gateway names in the actor context the organization that orgs has let this actor into. */
export function placeOf({ org, incarnation }: OfFile, actor: ActorContext): Place {
  if (actor.org !== org) throw fileAbsent();
  return { org, incarnation };
}

/** Ids and hashes are digits in messages and bytes in tables. */
export const bytesOfId = (hex: string): Buffer => Buffer.from(hex, 'hex');
