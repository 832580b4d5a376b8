import { setTimeout as pause } from 'node:timers/promises';
import { hintTopics } from '@tidemark/contracts';
import type { LeaderTask } from '@tidemark/event-store';
import { messageOf, type Database, type Hints, type Logger } from '@tidemark/runtime';
import type { Secrets } from '../secrets/secrets.js';
import type { MailKind } from './mail-queue.js';
import { mailText } from './mail-texts.js';
import type { Mailer } from './mailer.js';

export interface MailTaskOptions {
  readonly db: Database;
  readonly hints: Hints;
  readonly logger: Logger;
  readonly secrets: Secrets;
  readonly mailer: Mailer | undefined;
  readonly websiteUrl: () => string;
  readonly now: () => Date;
  readonly pollMs?: number;
}

interface Waiting {
  readonly id: string;
  readonly account: string;
  readonly kind: MailKind;
  readonly at: Date;
  readonly tries: number;
}

/** A mail that could not be sent for so long tells nothing that still helps. */
const OLDEST_MS = 7 * 86_400_000;
const LONGEST_PAUSE_S = 600;
const REST_MS = 50;

/**
 * Sends what waits, for as long as this process leads. A mail is taken off the list once it is handed on, so it goes out
 * once or, after a crash between the two, twice. Neither the log nor the list holds an address.
 */
export const mailTask =
  (options: MailTaskOptions): LeaderTask =>
  async ({ signal }) => {
    const { hints, logger, mailer, pollMs = 2_000 } = options;
    if (!mailer) logger.warn({}, 'mail goes nowhere: set TIDEMARK_SMTP_URL or TIDEMARK_MAIL_DIR');
    let wake = new AbortController();
    const unsubscribe = hints.subscribe(hintTopics.appended('orgs'), () => wake.abort());
    try {
      while (mailer && !signal.aborted) {
        wake = new AbortController();
        await sendAll(options, mailer, signal);
        const woken = AbortSignal.any([signal, wake.signal]);
        await pause(pollMs, undefined, { signal: woken }).catch(() => undefined);
        // Hints of many come together; one look finds the mails of all.
        await pause(REST_MS, undefined, { signal }).catch(() => undefined);
      }
    } finally {
      unsubscribe();
    }
  };

async function sendAll(options: MailTaskOptions, mailer: Mailer, signal: AbortSignal): Promise<void> {
  const { db, logger, now } = options;
  const waiting = await db
    .tx({}, (tx) =>
      tx.query<Waiting>(
        'select id, account, kind, at, tries from mails where due_at <= $1 order by due_at limit 100',
        [now()],
        'waiting-mails',
      ),
    )
    .catch((error: unknown) => {
      logger.warn({ reason: messageOf(error) }, 'mails cannot be looked up, trying again');
      return [];
    });
  for (const mail of waiting) {
    if (signal.aborted) return;
    await sendOne(options, mailer, mail);
  }
}

async function sendOne(options: MailTaskOptions, mailer: Mailer, mail: Waiting): Promise<void> {
  const { db, logger, now } = options;
  try {
    const to =
      now().getTime() - mail.at.getTime() > OLDEST_MS ? undefined : await addressOf(db, mail.account);
    if (to !== undefined) await mailer({ ...contentOf(options, mail, to), id: mail.id, to, at: mail.at });
    await db.tx({}, (tx) => tx.query('delete from mails where id = $1', [mail.id], 'mail-sent'));
  } catch (error) {
    // What a mail server says may repeat the address.
    logger.warn(
      { kind: mail.kind, code: errorCode(error), tries: mail.tries + 1 },
      'mail could not be sent, trying again',
    );
    await later(options, mail).catch(() => undefined);
  }
}

function contentOf({ secrets, websiteUrl }: MailTaskOptions, { kind, account }: Waiting, to: string) {
  return mailText(kind, { websiteUrl: websiteUrl(), verifyToken: secrets.mailLinkToken(account, to) });
}

async function addressOf(db: Database, account: string): Promise<string | undefined> {
  const rows = await db.tx({ account }, (tx) =>
    tx.query<{ email: string }>('select email from people where account = $1', [account], 'address-of'),
  );
  return rows[0]?.email;
}

async function later({ db, now }: MailTaskOptions, { id, tries }: Waiting): Promise<void> {
  const pauseS = Math.min(LONGEST_PAUSE_S, 2 ** (tries + 1));
  await db.tx({}, (tx) =>
    tx.query(
      'update mails set tries = tries + 1, due_at = $2 where id = $1',
      [id, new Date(now().getTime() + pauseS * 1_000)],
      'mail-later',
    ),
  );
}

const errorCode = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
