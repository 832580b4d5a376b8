import { fileAbsent, type ActorContext, type OfFile } from '@tidemark/contracts';
import { mustBeOf } from '@tidemark/transport';

/** Where everything of one life of a file is kept. */
export interface Place {
  readonly org: string;
  readonly incarnation: string;
}

export function placeOf({ org, incarnation }: OfFile, actor: ActorContext): Place {
  mustBeOf(org, actor, fileAbsent);
  return { org, incarnation };
}

/** Ids and hashes are digits in messages and bytes in tables. */
export const bytesOfId = (hex: string): Buffer => Buffer.from(hex, 'hex');
