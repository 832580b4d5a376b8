import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DomainError, type Registration, type SessionView } from '@tidemark/contracts';
import { account, ACCOUNT, ada, ORG, PROJECT, SESSION_ID } from '../../test/ada.js';
import { nobody, type Answers } from '../../test/fake-services.js';
import { OPERATOR, SESSION, startGateway, WEB_SESSION, type Gateway } from '../../test/gateway.js';

const registration: Registration = { policy: 'open', needsOperator: true, codeless: true };
const KNOWN = 'known-device';
const signedIn = { account, session: SESSION_ID, token: WEB_SESSION, knownDevice: KNOWN };
const COOKIE = `tidemark_known=${KNOWN}; tidemark_session=${WEB_SESSION}`;
const KEY = 'a'.repeat(64);

const answers = (): Answers => ({
  ...ada(),
  'orgs.registration': () => registration,
  'orgs.kdf': () => ({ kdf: account.kdf }),
  'orgs.sign-up': () => signedIn,
  'orgs.sign-in': () => signedIn,
  'orgs.start-app-session': () => ({ session: SESSION_ID, token: SESSION }),
  'orgs.list-sessions': () => ({ items: [{ id: SESSION_ID } as SessionView], limit: 3 }),
  'orgs.end-session': () => ({}),
  'orgs.change-passphrase': () => account,
  'orgs.replace-recovery': () => ({}),
  'orgs.start-recovery': () => ({ encSymmetricKey: 's', encPrivateKey: 'p', publicKey: 'k' }),
  'orgs.finish-recovery': () => signedIn,
  'orgs.verify-email': () => ({}),
  'orgs.send-verification': () => ({}),
  'orgs.make-operator': () => account,
});

const folder = mkdtempSync(join(tmpdir(), 'gateway-website-'));
const mailDir = join(folder, 'mail');
const index = '<!doctype html><title>Tidemark</title>';

let gateway: Gateway;

beforeAll(async () => {
  mkdirSync(join(folder, 'dist', 'assets'), { recursive: true });
  mkdirSync(mailDir);
  writeFileSync(join(folder, 'dist', 'index.html'), index);
  writeFileSync(join(folder, 'dist', 'assets', 'index-1a2b.js'), 'export {};');
  writeFileSync(join(folder, 'secret.txt'), 'outside');
  gateway = await startGateway(answers(), {
    website: {
      folder: join(folder, 'dist'),
      websiteUrl: () => 'https://tidemark.test',
      apiUrl: () => 'https://api.tidemark.test/prefix',
      mailDir,
    },
  });
});
afterAll(async () => {
  await gateway?.service.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => gateway.become(answers()));

interface Ask {
  readonly cookie?: string | undefined;
  readonly origin?: string | undefined;
  readonly headers?: Record<string, string>;
}

/** As a page of ours asks, from its own origin. */
const ask = (method: string, path: string, body?: unknown, { cookie, origin, headers }: Ask = {}) =>
  gateway.call(`/app/api/${path}`, {
    method,
    headers: {
      ...(method === 'GET' ? {} : { origin: origin ?? gateway.service.url }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(cookie === undefined ? {} : { cookie }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });

const signedInAsk = (method: string, path: string, body?: unknown) =>
  ask(method, path, body, { cookie: COOKIE });

const asked = (pattern: string) => gateway.services.sent.filter((each) => each.pattern === pattern).at(-1)!;

/** As a browser asks that was led here under another name: `fetch` would not let this header be set. */
const under = (host: string, method: string, path: string) =>
  new Promise<{ status: number | undefined; error: unknown }>((resolve, reject) => {
    const headers = { host, origin: `http://${host}`, 'content-type': 'application/json' };
    const sent = request(`${gateway.service.url}/app/api/${path}`, { method, headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += String(chunk)));
      response.on('end', () =>
        resolve({ status: response.statusCode, error: (JSON.parse(text) as { error?: unknown }).error }),
      );
    });
    sent.on('error', reject).end(method === 'POST' ? '{}' : undefined);
  });

describe('before somebody is signed in', () => {
  it('a page learns how one signs up here', async () => {
    const { status, body } = await ask('GET', 'installation');
    expect({ status, body }).toEqual({
      status: 200,
      body: { ...registration, mails: true, apiUrl: 'https://api.tidemark.test/prefix' },
    });
  });

  it('the key derivation of an address', async () => {
    const { status, body } = await ask('POST', 'kdf', { email: account.email });
    expect({ status, body }).toEqual({ status: 200, body: { kdf: account.kdf } });
  });

  it('signing up lets in, and says to the browser nothing that a script can read', async () => {
    const { status, body, headers } = await ask('POST', 'sign-up', {
      email: account.email,
      firstName: 'Ada',
    });
    expect({ status, body }).toEqual({ status: 201, body: { account } });
    const cookies = headers.getSetCookie();
    expect(cookies).toEqual([
      expect.stringMatching(
        new RegExp(
          `^tidemark_session=${WEB_SESSION}; Path=/; Max-Age=\\d+; HttpOnly; SameSite=Strict; Secure$`,
        ),
      ),
      expect.stringMatching(
        new RegExp(`^tidemark_known=${KNOWN}; Path=/; Max-Age=\\d+; HttpOnly; SameSite=Strict; Secure$`),
      ),
    ]);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(asked('orgs.sign-up')).toMatchObject({
      payload: { email: account.email, firstName: 'Ada', address: '127.0.0.1', command: expect.any(String) },
      actor: { account: 'acct_nobody' },
    });
  });

  it('signing up again with the same key is the same command', async () => {
    const command = async (email: string, key?: string) => {
      const headers: Record<string, string> = key === undefined ? {} : { 'idempotency-key': key };
      await ask('POST', 'sign-up', { email }, { headers });
      return asked('orgs.sign-up').payload['command'];
    };
    expect(await command('a@x.test', 'k')).toBe(await command('a@x.test', 'k'));
    expect(await command('a@x.test', 'k')).not.toBe(await command('b@x.test', 'k'));
    expect(await command('a@x.test')).not.toBe(await command('a@x.test'));
  });

  it.each(['byOperator', 'command', 'address', 'userAgent', '__proto__'])(
    'nobody signs up with a say in %s',
    async (member) => {
      const body = `{"email":"a@x.test",${JSON.stringify(member)}:true}`;
      const { status } = await ask('POST', 'sign-up', body);
      expect(status).toBe(400);
      expect(gateway.services.take()).toEqual([]);
    },
  );

  it('the operator makes an account for somebody, and is not signed in to it', async () => {
    const asked = async (authorization: string) => {
      const { status, body, headers } = await ask(
        'POST',
        'sign-up',
        { email: 'a@x.test' },
        { headers: { authorization } },
      );
      const { payload, actor } = gateway.services.sent.at(-1)!;
      return {
        status,
        body,
        cookies: headers.getSetCookie().length,
        by: [payload['byOperator'], actor.account],
      };
    };
    const made = { status: 201, body: { account } };
    expect(await asked(`Bearer ${OPERATOR}`)).toEqual({ ...made, cookies: 0, by: [true, 'acct_operator'] });
    expect(await asked(`Bearer tm_${'x'.repeat(43)}`)).toEqual({
      ...made,
      cookies: 2,
      by: [undefined, 'acct_nobody'],
    });
  });

  it('signing in names the browser that is known', async () => {
    const { status, headers } = await ask(
      'POST',
      'sign-in',
      { email: account.email, authenticationKey: KEY },
      { cookie: `tidemark_known=${KNOWN}`, headers: { 'user-agent': 'A\tbrowser é' } },
    );
    expect({ status, cookies: headers.getSetCookie().length }).toEqual({ status: 200, cookies: 2 });
    expect(asked('orgs.sign-in').payload).toEqual({
      email: account.email,
      authenticationKey: KEY,
      knownDevice: KNOWN,
      address: '127.0.0.1',
      userAgent: expect.stringMatching(/^A.browser [\x20-\x7e]+$/),
    });
  });

  it('a wrong passphrase sets no cookie', async () => {
    gateway.services.answers['orgs.sign-in'] = () => {
      throw new DomainError('INVALID_CREDENTIALS', 'E-mail address or passphrase is wrong.');
    };
    const reply = await ask('POST', 'sign-in', { email: account.email, authenticationKey: KEY });
    expect({ status: reply.status, error: reply.body['error'] }).toEqual({
      status: 401,
      error: 'INVALID_CREDENTIALS',
    });
    expect(reply.headers.getSetCookie()).toEqual([]);
    expect(reply.headers.get('x-insomnia-command')).toBeNull();
  });

  it('an account is recovered', async () => {
    const proof = { email: account.email, recoveryKey: KEY };
    expect((await ask('POST', 'recovery/start', proof)).body).toHaveProperty('encPrivateKey');
    const finished = await ask('POST', 'recovery/finish', { ...proof, next: {}, recovery: {} });
    expect(finished).toMatchObject({ status: 200, body: { account } });
    expect(finished.headers.getSetCookie()).toHaveLength(2);
  });

  it('an address is verified', async () => {
    expect((await ask('POST', 'email-verification', { token: 't'.repeat(30) })).status).toBe(204);
  });

  it('signing out works without a session, and drops the cookie', async () => {
    for (const cookie of [undefined, COOKIE]) {
      const { status, headers } = await ask('POST', 'sign-out', undefined, { cookie });
      expect(status).toBe(204);
      expect(headers.getSetCookie()).toEqual([
        expect.stringContaining('tidemark_session=; Path=/; Max-Age=0'),
      ]);
    }
    gateway.services.answers['orgs.sign-out'] = nobody;
    expect((await signedInAsk('POST', 'sign-out')).status).toBe(204);
    expect(asked('orgs.sign-out').payload).toEqual({ token: WEB_SESSION });
  });
});

describe('somebody who is signed in', () => {
  it('sees the account and the session', async () => {
    expect((await signedInAsk('GET', 'account')).body).toEqual({ account, session: SESSION_ID });
  });

  it('sees devices, and ends one, which is refused from then on', async () => {
    expect((await signedInAsk('GET', 'sessions')).body).toEqual({
      items: [{ id: SESSION_ID }],
      current: SESSION_ID,
      limit: 3,
    });
    expect((await gateway.app('/auth/whoami')).status).toBe(200);
    expect((await signedInAsk('DELETE', `sessions/${SESSION_ID}`)).status).toBe(204);
    gateway.services.answers['orgs.authenticate'] = nobody;
    expect((await gateway.app('/auth/whoami')).status).toBe(401);
    expect((await signedInAsk('GET', 'sessions')).status).toBe(401);
  });

  it('adds a device, or hears that there are too many', async () => {
    const device = { device: 'Laptop', appVersion: '10.1.1' };
    const { status, body } = await signedInAsk('POST', 'app-sessions', device);
    expect({ status, body }).toEqual({ status: 201, body: { session: SESSION_ID, token: SESSION } });
    gateway.services.answers['orgs.start-app-session'] = () => {
      throw new DomainError('DEVICE_LIMIT', 'Three devices are signed in. End one of them.');
    };
    const refused = await signedInAsk('POST', 'app-sessions', device);
    expect({ status: refused.status, error: refused.body['error'] }).toEqual({
      status: 409,
      error: 'DEVICE_LIMIT',
    });
  });

  it.each([
    ['passphrase', { authenticationKey: KEY, next: {} }, 200],
    ['recovery-code', { authenticationKey: KEY, recovery: {} }, 204],
    ['email-verification/send', undefined, 204],
    ['operator', { setupCode: 'x' }, 200],
  ])('POST %s', async (path, body, status) => {
    expect((await signedInAsk('POST', path, body)).status).toBe(status);
    expect(gateway.services.sent.at(-1)!.actor).toMatchObject({ account: ACCOUNT, session: SESSION_ID });
  });

  it('sees organizations and their projects', async () => {
    expect((await signedInAsk('GET', 'organizations')).body).toEqual({
      items: [{ id: ORG, name: 'Personal', kind: 'personal', projects: [{ id: PROJECT, name: 'Engines' }] }],
    });
  });

  it.each([
    ['GET', 'account'],
    ['GET', 'sessions'],
    ['GET', 'organizations'],
    ['POST', 'app-sessions'],
    ['POST', 'passphrase'],
    ['POST', 'recovery-code'],
    ['POST', 'email-verification/send'],
    ['POST', 'operator'],
    ['DELETE', `sessions/${SESSION_ID}`],
  ])('is somebody with the cookie, and with nothing else: %s %s', async (method, path) => {
    const cookies = [undefined, `tidemark_session=${SESSION}`, 'tidemark_session=', `x=${WEB_SESSION}`];
    for (const cookie of cookies) {
      const headers = { 'x-session-id': SESSION, authorization: `Bearer ${SESSION}` };
      const { status, headers: answered } = await ask(method, path, method === 'POST' ? {} : undefined, {
        cookie,
        headers,
      });
      expect(status).toBe(401);
      expect(answered.get('x-insomnia-command')).toBeNull();
    }
    expect(gateway.services.take()).toEqual([]);
  });
});

describe('a call that another page made the browser send', () => {
  it.each(['https://evil.test', 'null', 'http://tidemark.test', 'https://tidemark.test.evil.test', ''])(
    'is refused from the origin %p, whatever it would do',
    async (origin) => {
      for (const [method, path] of [
        ['POST', 'sign-out'],
        ['POST', 'sign-in'],
        ['DELETE', `sessions/${SESSION_ID}`],
        ['POST', 'passphrase'],
      ] as const) {
        const { status, body } = await ask(method, path, method === 'POST' ? {} : undefined, {
          origin,
          cookie: COOKIE,
        });
        expect({ status, error: body['error'] }).toEqual({ status: 403, error: 'FORBIDDEN' });
      }
      expect(gateway.services.take()).toEqual([]);
    },
  );

  it('is refused without an origin', async () => {
    const { status } = await gateway.call('/app/api/sign-out', {
      method: 'POST',
      headers: { cookie: COOKIE },
    });
    expect(status).toBe(403);
  });

  it.each(['https://tidemark.test', 'https://api.tidemark.test'])('comes from us at %s', async (origin) => {
    expect((await ask('POST', 'sign-out', undefined, { origin })).status).toBe(204);
  });

  it.each(['evil.test', 'tidemark.test.evil.test', '127.0.0.1.evil.test', 'localhost.evil.test'])(
    'is refused under the name %s, which somebody has pointed here, reading too',
    async (name) => {
      const host = `${name}:${new URL(gateway.service.url).port}`;
      for (const [method, path] of [
        ['GET', 'mails'],
        ['GET', 'account'],
        ['POST', 'kdf'],
      ] as const) {
        const reply = await under(host, method, path);
        expect(reply).toEqual({ status: 421, error: 'MISDIRECTED' });
      }
      expect(gateway.services.take()).toEqual([]);
    },
  );

  it.each([
    'localhost',
    '127.0.0.1:99',
    '[::1]:99',
    'tidemark.test',
    'api.tidemark.test',
    'box.localhost',
    '192.168.1.5:80',
  ])('comes to us under %s', async (host) => {
    expect((await under(host, 'POST', 'kdf')).status).toBe(200);
  });

  it('is no form', async () => {
    const headers = { 'content-type': 'text/plain' };
    const { status } = await ask('POST', 'sign-in', '{"email":"a@x.test"}', { headers });
    expect(status).toBe(415);
  });
});

describe('refusals', () => {
  it.each([
    ['GET', 'nothing', 404, 'NOT_FOUND'],
    ['PUT', 'sign-in', 405, 'METHOD_NOT_ALLOWED'],
    ['DELETE', 'sessions/x', 404, 'NOT_FOUND'],
    ['POST', 'sign-in', 400, 'INVALID_INPUT'],
  ])('%s %s', async (method, path, status, code) => {
    const body = method === 'POST' ? '[]' : undefined;
    const reply = await ask(method, path, body, { cookie: COOKIE });
    expect({ status: reply.status, error: reply.body['error'] }).toEqual({ status, error: code });
    expect(reply.body['requestId']).toBe(reply.headers.get('x-request-id'));
  });

  it('of a body that is nested without end', async () => {
    gateway.services.answers['orgs.kdf'] = () => {
      throw Object.assign(new Error('nested'), { name: 'WireFormatError' });
    };
    const reply = await ask('POST', 'kdf', `{"email":${'['.repeat(100)}${']'.repeat(100)}}`);
    expect({ status: reply.status, error: reply.body['error'] }).toEqual({
      status: 400,
      error: 'INVALID_INPUT',
    });
  });
});

describe('pages', () => {
  it.each([
    '/app',
    '/app/',
    '/app/auth-app/?loginKey=x',
    '/app/settings/account',
    '/app/index.html',
    '/app/apis',
    '/app/..%2fsecret.txt',
  ])('%s is the page, which may load and reach nothing but us', async (path) => {
    const { status, text, headers } = await gateway.call(path);
    expect({ status, text }).toEqual({ status: 200, text: index });
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self' https://api.tidemark.test; img-src 'self' data:; form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
    );
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
    });
  });

  it('have files that never change', async () => {
    const { status, text, headers } = await gateway.call('/app/assets/index-1a2b.js');
    expect({ status, text }).toEqual({ status: 200, text: 'export {};' });
    expect(headers.get('cache-control')).toContain('immutable');
    expect(headers.get('content-type')).toMatch(/^text\/javascript/);
    const again = await gateway.call('/app/assets/index-1a2b.js', {
      headers: { 'if-none-match': headers.get('etag')! },
    });
    expect(again.status).toBe(304);
  });

  it.each([
    '/app/assets/nothing.js',
    '/app/assets/',
    '/app/assets/..%2f..%2fsecret.txt',
    '/app/api',
    '/app/api/',
    '/app/api/assets/x',
  ])('%s is none', async (path) => {
    const { status, text, headers } = await gateway.call(path);
    expect({ status, isOutside: text.includes('outside') }).toEqual({ status: 404, isOutside: false });
    expect(headers.get('content-type')).toMatch(/^application\/json/);
  });

  it('are not there where they were not built, and say so', async () => {
    const bare = await startGateway(answers(), {
      website: {
        folder: join(folder, 'nothing'),
        websiteUrl: () => 'http://x.test',
        apiUrl: () => 'http://x.test',
      },
    });
    const { status, body } = await bare.call('/app/');
    expect({ status, message: body['message'] }).toEqual({
      status: 404,
      message: expect.stringContaining('not built'),
    });
    expect((await bare.call('/app/api/mails')).status).toBe(404);
    const left = await bare.call('/app/api/sign-out', {
      method: 'POST',
      headers: { origin: bare.service.url },
    });
    expect(left.headers.getSetCookie()[0]).not.toContain('Secure');
    expect((await bare.call('/app/api/installation')).body).toMatchObject({ mails: false });
    await bare.service.close();
  });
});

describe('mails that were not sent', () => {
  it('are shown with their link, the newest first', async () => {
    const mail = (subject: string, link = '') =>
      `From: x\r\nTo: ada@example.test\r\nSubject: ${subject}\r\nDate: Sun, 27 Oct 2024 03:33:20 +0000\r\n${link}\r\nX-Folded: a\r\n\tb\r\n\r\nSubject: no header\r\n`;
    writeFileSync(
      join(mailDir, '2024-1.eml'),
      mail('One', 'X-Tidemark-Link: http://x.test/app/verify?token=t\r\n'),
    );
    writeFileSync(join(mailDir, '2024-2.eml'), mail('=?UTF-8?Q?Gr=C3=BC=C3=9Fe_an?= =?utf-8?b?IERpY2g=?='));
    writeFileSync(join(mailDir, '.2024-3.eml.part'), mail('half'));
    expect((await ask('GET', 'mails')).body).toEqual({
      items: [
        {
          file: '2024-2.eml',
          at: '2024-10-27T03:33:20.000Z',
          to: 'ada@example.test',
          subject: 'Grüße an Dich',
          link: null,
        },
        {
          file: '2024-1.eml',
          at: '2024-10-27T03:33:20.000Z',
          to: 'ada@example.test',
          subject: 'One',
          link: 'http://x.test/app/verify?token=t',
        },
      ],
    });
  });
});
