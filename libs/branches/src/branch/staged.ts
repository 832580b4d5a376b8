import type { AcceptedRecord, ActorContext, AppendSnapshots } from '@tidemark/contracts';
import type { StageClaims } from '@tidemark/transport';

/** What `snapshots` keeps ready for this push. */
export interface Staged {
  readonly records: readonly AcceptedRecord[];
  readonly title?: string;
}

const nothing: Staged = { records: [] };

/** A token for another file or account says nothing here; of the others only what this push names counts. */
export function stagedOf(
  claims: StageClaims | undefined,
  { org, incarnation, snapshots }: AppendSnapshots,
  { account }: ActorContext,
): Staged {
  if (claims?.org !== org || claims.incarnation !== incarnation || claims.account !== account) return nothing;
  const wanted = new Set(snapshots);
  const records = claims.records.filter(({ id }) => wanted.has(id));
  return claims.title === undefined ? { records } : { records, title: storable(claims.title) };
}

const LONGEST_TITLE = 1_000;

/** A title is what people wrote; a column of text takes neither NUL nor half a surrogate pair. */
const storable = (title: string): string => title.replaceAll('\0', '').slice(0, LONGEST_TITLE).toWellFormed();
