import { checkedEvent, type EntryDetails, type RecordedEvent } from '@tidemark/contracts';
import type { Tx } from '@tidemark/runtime';

/** `OrganizationCreated` reads as the action `organization.created`. */
export const actionOf = (type: string): string =>
  type.replace(/(?!^)[A-Z]/g, (letter) => `.${letter}`).toLowerCase();

const DETAILS = ['project', 'file', 'incarnation', 'branch'] as const;

/** What an event was about, or nothing. Only these fields are looked at, so a name can never slip in. */
export function detailsOf(data: object): EntryDetails | undefined {
  const found = DETAILS.map((field) => [field, (data as Record<string, unknown>)[field]] as const).filter(
    ([, value]) => typeof value === 'string',
  );
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}

/**
 * One entry for each event, numbered densely within the organization. The row of `heads` is locked first, so two
 * consumers that hear of one organization at a time take turns. Statements: two, however many events.
 */
export async function recordEntries(events: readonly RecordedEvent[], tx: Tx): Promise<void> {
  if (events.length === 0) return;
  const org = events[0]!.org;
  events.forEach(checkedEvent);
  const [head] = await tx.query<{ before: number }>(
    `insert into heads (org, seq) values ($1, $2)
     on conflict (org) do update set seq = heads.seq + excluded.seq returning seq - $2 as before`,
    [org, events.length],
  );
  await tx.query(
    `insert into entries (org, seq, at, actor, action, object, outcome, request_id, event_id, details)
     select $1, $2::bigint + n, at, actor, action, object, 'done', request_id, event_id, details
     from unnest($3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[], $9::jsonb[])
       with ordinality as e (at, actor, action, object, request_id, event_id, details, n)`,
    [
      org,
      head!.before,
      events.map((event) => event.at),
      events.map((event) => event.meta.account),
      events.map((event) => actionOf(event.type)),
      events.map((event) => event.stream),
      events.map((event) => event.meta.requestId),
      events.map((event) => event.id),
      events.map((event) => JSON.stringify(detailsOf(event.data)) ?? null),
    ],
  );
}
