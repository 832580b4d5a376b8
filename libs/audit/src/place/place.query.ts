import type { GetPlace, KeepPlace, Place } from '@tidemark/contracts';
import type { Database } from '@tidemark/runtime';

export async function placeOf(db: Database, { org, session }: GetPlace): Promise<Place> {
  const [row] = await db.tx({ tenant: org }, (tx) =>
    tx.query<{ seq: number }>('select seq from places where org = $1 and session = $2', [org, session]),
  );
  return { seq: row?.seq ?? null };
}

/** Longer than any session lasts without being used. */
const KEPT_DAYS = 366;

/** What nobody can come back to is forgotten on the way. */
export async function keepPlace(db: Database, { org, session, seq }: KeepPlace): Promise<void> {
  await db.tx({ tenant: org }, (tx) =>
    tx.query(
      `with forgotten as (
         delete from places where org = $1 and session <> $2 and at < now() - make_interval(days => $4)
       )
       insert into places (org, session, seq, at) values ($1, $2, $3, now())
       on conflict (org, session) do update set seq = greatest(places.seq, excluded.seq), at = excluded.at`,
      [org, session, seq, KEPT_DAYS],
    ),
  );
}
