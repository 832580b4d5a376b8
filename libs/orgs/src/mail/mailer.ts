import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import type { MailText } from './mail-texts.js';

export interface Mail extends MailText {
  /** The same mail sent again has the same id. */
  readonly id: string;
  readonly to: string;
  readonly at: Date;
}

/** Hands a mail on for good, or throws. */
export type Mailer = (mail: Mail) => Promise<void>;

export interface MailOptions {
  readonly smtpUrl?: string | undefined;
  readonly from?: string | undefined;
  /** Takes a file for each mail where there is no `smtpUrl`. */
  readonly dir?: string | undefined;
}

const PATIENCE_MS = 10_000;
const FROM = 'Tidemark <tidemark@localhost>';

/** Undefined when mail can go nowhere: what is to be sent waits. */
export function openMailer({ smtpUrl, from = FROM, dir }: MailOptions): Mailer | undefined {
  if (smtpUrl !== undefined) return bySmtp(smtpUrl, from);
  return dir === undefined ? undefined : intoFolder(dir, from);
}

function bySmtp(url: string, from: string): Mailer {
  const transport = createTransport({
    url,
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
  });
  return async (mail) => {
    await transport.sendMail(messageOf(mail, from));
  };
}

/** One .eml file per mail, there as a whole or not at all; sent again it is the same file. */
function intoFolder(dir: string, from: string): Mailer {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'unix' });
  return async (mail) => {
    const { message } = await transport.sendMail(messageOf(mail, from));
    const name = `${mail.at.toISOString().replaceAll(/[:.]/g, '-')}-${mail.id}.eml`;
    await mkdir(dir, { recursive: true });
    await writeFile(join(dir, `.${name}.part`), message as Buffer, { mode: 0o600 });
    await rename(join(dir, `.${name}.part`), join(dir, name));
  };
}

const messageOf = ({ id, to, at, subject, lines, link }: Mail, from: string) => ({
  from,
  to,
  subject,
  date: at,
  messageId: `<${id}@tidemark>`,
  text: `${lines.join('\n\n')}\n`,
  // As it is: folded over two lines a header is no link any more.
  headers: link === undefined ? {} : { 'X-Tidemark-Link': { prepared: true, value: link } },
});
