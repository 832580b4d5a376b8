import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { accountMessages } from '@tidemark/contracts';
import type { Logger } from '@tidemark/runtime';
import { freshDatabase } from '@tidemark/testing';
import { servedOrgs, someEmail } from '../../test/served-orgs.js';

/** Speaks as much SMTP as a mail needs; refuses everything as often as it is told to. */
async function mailServer(refusals: number) {
  const mails: string[] = [];
  const waiting: (() => void)[] = [];
  let left = refusals;
  const serve = (socket: Socket) => {
    let text = '';
    let inData = false;
    const say = (line: string) => socket.write(`${line}\r\n`);
    say('220 test');
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      text += String(chunk);
      for (let end = text.indexOf('\r\n'); end >= 0 && !inData; end = text.indexOf('\r\n')) {
        const line = text.slice(0, end);
        text = text.slice(end + 2);
        if (/^RCPT/.test(line) && left > 0) {
          left--;
          say(`450 4.2.1 ${line} is busy`);
        } else if (line === 'DATA') {
          inData = true;
          say('354 go on');
        } else if (line === 'QUIT') socket.end('221 bye\r\n');
        else say('250 ok');
      }
      const end = text.indexOf('\r\n.\r\n');
      if (!inData || end < 0) return;
      mails.push(text.slice(0, end));
      text = text.slice(end + 5);
      inData = false;
      say('250 kept');
      for (const wake of waiting.splice(0)) wake();
    });
  };
  const server = createServer(serve).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}?ignoreTLS=true`,
    mails,
    next: () => new Promise<void>((resolve) => waiting.push(resolve)),
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

const lines: string[] = [];
const note = (fields: object, text: string) => void lines.push(JSON.stringify({ ...fields, text }));
const logger: Logger = { debug: note, info: note, warn: note, error: note };

it('a mail that the server refuses at first is sent later, once, and no line of the log has its address', async () => {
  const server = await mailServer(1);
  const orgs = await servedOrgs(await freshDatabase(), {
    logger,
    mail: { smtpUrl: server.url, from: 'Tidemark <mail@example.org>' },
    now: () => new Date(),
  });
  try {
    const email = someEmail();
    const arrived = server.next();
    await orgs.signUp({ email });
    await arrived;
    expect(server.mails).toHaveLength(1);
    expect(server.mails[0]).toContain(`To: ${email}`);
    expect(server.mails[0]).toContain('From: Tidemark <mail@example.org>');
    expect(server.mails[0]).toMatch(/^X-Tidemark-Link: http:\/\/127\.0\.0\.1:7420\/app\/verify#\S+\r$/m);
    expect(lines.filter((line) => line.includes('mail could not be sent'))).toHaveLength(1);
    expect(lines.join()).not.toContain(email);
  } finally {
    await orgs.close();
    await server.close();
  }
});

it('where mail goes nowhere it waits, and everything else works', async () => {
  const orgs = await servedOrgs(await freshDatabase(), { logger });
  try {
    const { account } = await orgs.signUp();
    await orgs.ask(accountMessages.sendVerification, {}, { account: account.id });
    const waiting = await orgs.database.asOwner('select kind from orgs.mails');
    expect(waiting).toEqual([{ kind: 'verify-email' }, { kind: 'verify-email' }]);
  } finally {
    await orgs.close();
  }
});
