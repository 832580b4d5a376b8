import { Inject, Injectable } from '@nestjs/common';
import { branchMessages, type ActorContext, type AppendedSnapshots } from '@tidemark/contracts';
import { failpoint } from '@tidemark/runtime/failpoint';
import { bytesOfId, type Place } from '../place.js';
import { SNAPSHOTS_PARTS, type SnapshotsParts } from '../snapshots.parts.js';
import { accept } from './accept.js';
import type { Settling } from './settling.js';

/** Nobody waits for an event: what a branch has been given is readable at once, because whoever reads asks. */
@Injectable()
export class Settlement {
  constructor(@Inject(SNAPSHOTS_PARTS) private readonly parts: SnapshotsParts) {}

  for(place: Place, actor: ActorContext): Settling {
    return {
      ofSnapshots: (ids) => this.#settle(PENDING, place, ids, actor),
      ofBlobs: (ids) => this.#settle(PENDING_WITH_BLOBS, place, ids, actor),
    };
  }

  async #settle(find: string, place: Place, of: readonly string[], actor: ActorContext): Promise<boolean> {
    const { org, incarnation } = place;
    const pending = await this.parts.db.tx({ tenant: org }, (tx) =>
      tx.query<{ id: string }>(find, [org, incarnation, of.map(bytesOfId)]),
    );
    // Whoever looked before may have looked just before somebody else accepted it.
    if (pending.length === 0) return true;
    const snapshots = pending.map(({ id }) => id);
    const { accepted } = await this.parts.requests.send<AppendedSnapshots>(
      branchMessages.accepted,
      { org, incarnation, snapshots },
      { actor },
    );
    if (accepted.length === 0) return false;
    const final = accepted.map((record) => ({ incarnation, ...record }));
    await this.parts.db.tx({ tenant: org }, (tx) => accept(tx, org, final));
    failpoint('accept.after-commit');
    return true;
  }
}

const PENDING = `
  select distinct encode(asked.id, 'hex') as id
  from unnest($3::bytea[]) as asked (id)
  join lateral (
    select from snapshots s
    where s.org = $1 and s.incarnation = $2 and s.id = asked.id and s.accepted_at is null offset 0
  ) s on true`;

const PENDING_WITH_BLOBS = `
  select distinct encode(s.id, 'hex') as id
  from snapshots s, generate_series(0, length(s.fresh) / 20 - 1) as i
  where s.org = $1 and s.incarnation = $2 and s.accepted_at is null
    and substring(s.fresh from 20 * i + 1 for 20) in (select unnest($3::bytea[]))`;
