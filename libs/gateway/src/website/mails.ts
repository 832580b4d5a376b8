import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface MailView {
  readonly file: string;
  readonly at: string;
  readonly to: string;
  readonly subject: string;
  readonly link: string | null;
}

const MOST = 100;

/** The newest mails of the folder, newest first: what would have been sent if there were somewhere to send it to. */
export async function readMails(folder: string): Promise<MailView[]> {
  const names = await readdir(folder).catch(() => []);
  const mails = names.filter((name) => name.endsWith('.eml') && !name.startsWith('.'));
  const newest = mails.sort().reverse().slice(0, MOST);
  return Promise.all(newest.map(async (file) => viewOf(file, await readFile(join(folder, file), 'utf8'))));
}

function viewOf(file: string, text: string): MailView {
  const headers = headersOf(text);
  const date = Date.parse(headers.get('date') ?? '');
  return {
    file,
    at: Number.isNaN(date) ? '' : new Date(date).toISOString(),
    to: decoded(headers.get('to')),
    subject: decoded(headers.get('subject')),
    link: headers.get('x-tidemark-link') ?? null,
  };
}

function headersOf(text: string): ReadonlyMap<string, string> {
  const [head = ''] = text.split(/\r?\n\r?\n/, 1);
  const lines = head.replaceAll(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  return new Map(
    lines
      .map((line) => /^([^:]+):\s*(.*)$/.exec(line) ?? [])
      .map(([, name = '', value = '']) => [name.toLowerCase(), value]),
  );
}

/** Words in other letters than ASCII, as mail headers carry them. */
const decoded = (value = ''): string =>
  value
    .replaceAll(/\?=\s+=\?/g, '?==?')
    .replaceAll(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_all, kind: string, word: string) =>
      Buffer.from(kind.toLowerCase() === 'b' ? Buffer.from(word, 'base64') : quotedBytes(word)).toString(),
    );

const quotedBytes = (word: string): Buffer =>
  Buffer.from(
    word
      .replaceAll('_', ' ')
      .replaceAll(/=([0-9A-F]{2})/gi, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  );
