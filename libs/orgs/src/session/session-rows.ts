import type { SessionView } from '@tidemark/contracts';
import type { Tx } from '@tidemark/runtime';

export interface NewSession {
  readonly account: string;
  readonly session: string;
  readonly kind: 'app' | 'web';
  readonly device: string;
  readonly appVersion: string;
  readonly token: Buffer;
}

/** How long a session lasts when nobody uses it, and at most. */
export interface SessionTimes {
  readonly idleMs: number;
  readonly longestMs: number;
}

export async function insertSession(
  tx: Tx,
  session: NewSession,
  now: Date,
  { longestMs }: SessionTimes,
): Promise<void> {
  await tx.query(
    `with found_by as (
       insert into session_index (token, account, session, expires_at) values ($1, $2, $3, $4)
     )
     insert into sessions (account, session, kind, device, app_version, created_at, last_seen_at, expires_at, token)
     values ($2, $3, $5, $6, $7, $8, $8, $4, $1)`,
    [
      session.token,
      session.account,
      session.session,
      new Date(now.getTime() + longestMs),
      session.kind,
      session.device,
      session.appVersion,
      now,
    ],
    'insert-session',
  );
}

/** Those of `sessions` that there were; their tokens open nothing any more. */
export async function deleteSessions(
  tx: Tx,
  account: string,
  sessions: readonly string[],
): Promise<string[]> {
  if (sessions.length === 0) return [];
  const rows = await tx.query<{ session: string }>(
    `with gone as (
       delete from sessions where account = $1 and session = any ($2) returning session, token
     ), unfound as (
       delete from session_index i using gone where i.token = gone.token
     )
     select session from gone`,
    [account, sessions],
    'delete-sessions',
  );
  return rows.map(({ session }) => session);
}

/** Rows of sessions that ended by themselves go with the next one that begins. */
export async function deleteExpired(
  tx: Tx,
  account: string,
  now: Date,
  { idleMs }: SessionTimes,
): Promise<void> {
  await tx.query(
    `with gone as (
       delete from sessions where account = $1 and (expires_at <= $2 or last_seen_at <= $3) returning token
     )
     delete from session_index i using gone where i.token = gone.token`,
    [account, now, new Date(now.getTime() - idleMs)],
    'delete-expired-sessions',
  );
}

/** Is there this session? It then stays until the transaction has ended: whoever ends it waits, and ends it after that. */
export async function holdSession(tx: Tx, account: string, session: string | undefined): Promise<boolean> {
  const rows = await tx.query(
    'select 1 from sessions where account = $1 and session = $2 for key share',
    [account, session ?? ''],
    'hold-session',
  );
  return rows.length > 0;
}

export interface SessionRow {
  readonly session: string;
  readonly kind: 'app' | 'web';
  readonly device: string;
  readonly app_version: string;
  readonly created_at: Date;
  readonly last_seen_at: Date;
  readonly expires_at: Date;
}

/** The sessions that are neither over nor forgotten, newest first. */
export const livingSessions = (
  tx: Tx,
  account: string,
  now: Date,
  { idleMs }: SessionTimes,
): Promise<SessionRow[]> =>
  tx.query<SessionRow>(
    `select session, kind, device, app_version, created_at, last_seen_at, expires_at from sessions
     where account = $1 and expires_at > $2 and last_seen_at > $3 order by created_at desc, session`,
    [account, now, new Date(now.getTime() - idleMs)],
    'living-sessions',
  );

export const shownSession = (row: SessionRow, { idleMs }: SessionTimes): SessionView => ({
  id: row.session,
  kind: row.kind,
  device: row.device,
  appVersion: row.app_version,
  createdAt: row.created_at.toISOString(),
  lastSeenAt: row.last_seen_at.toISOString(),
  expiresAt: new Date(Math.min(row.expires_at.getTime(), row.last_seen_at.getTime() + idleMs)).toISOString(),
});
