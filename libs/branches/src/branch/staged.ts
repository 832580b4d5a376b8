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
  return claims.title === undefined ? { records } : { records, title: claims.title };
}
