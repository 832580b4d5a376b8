import { randomBytes } from 'node:crypto';
import { Account, argon2id, Device, MemoryStore, type Fetch } from '@tidemark/device';
import { openPrivateKey, passphraseSecrets, recoverySecrets } from '@tidemark/e2ee';

import type { Api } from './support/api.js';
import { plant } from './support/canaries.js';
import { product } from './support/product.js';

const random = (bytes = 12) => randomBytes(bytes).toString('hex');

/** As many as the gate wants of each kind. */
const CANARIES = 100;

/**
 * A whole session of a person, in which everything that nobody may find is planted. What was planted by this and by the other
 * files is searched for when the tier is over (support/search-product.mjs), in all that the product has kept and said.
 */
describe('a session full of secrets', () => {
  let api: Api;
  let account: Account;
  let device: Device;
  const [passphrase, email] = [`passphrase ${random()} ä`, `canary-${random()}@example.org`];
  const names = { firstName: `Canary-${random()}`, lastName: `Bird-${random()}` };

  /** Cookies and keys in bodies: whatever is sent or given that opens something. */
  const listening: Fetch = async (url, init) => {
    const sent = typeof init.body === 'string' ? init.body : '{}';
    const { authenticationKey, recoveryKey } = JSON.parse(sent) as Record<string, string>;
    plant('secret', ...[authenticationKey, recoveryKey].filter((key) => key !== undefined));
    const response = await fetch(url, init);
    for (const cookie of response.headers.getSetCookie()) {
      const value = /^[^=]+=([^;]+)/.exec(cookie)?.[1] ?? '';
      if (value.length >= 20) plant('secret', decodeURIComponent(value));
    }
    return response;
  };

  beforeAll(async () => {
    api = await product();
    plant('secret', passphrase);
    plant('personal', email, ...Object.values(names));
  });

  it('signs up, signs in on a device, and signs in anew after it has lost the passphrase', async () => {
    const options = { url: api.url, fetch: listening };
    const made = await Account.signUp(options, { email, passphrase, ...names });
    plant('secret', made.recoveryCode, made.recoveryCode.replaceAll(/[^0-9A-Za-z]/g, ''));
    const next = `passphrase ${random()}`;
    plant('secret', next);
    const again = await Account.recover(options, { email, code: made.recoveryCode, passphrase: next });
    plant('secret', again.recoveryCode);
    account = await Account.signIn(options, email, next);

    const { derivedKey } = await passphraseSecrets(next, account.view.kdf, argon2id);
    plant('secret', derivedKey, recoverySecrets(again.recoveryCode).derivedKey);
    plant('secret', account.symmetricKey.k);
    const { d } = await openPrivateKey(account.view.encPrivateKey, account.symmetricKey);
    plant('secret', d);
  });

  it('pushes documents, and another device reads them', async () => {
    device = await Device.open({ url: api.url, store: new MemoryStore(), name: 'canary', fetch: listening });
    await device.signInWith(await account.startAppSession({ device: 'canary' }));
    plant('secret', device.session!.id);
    const file = await device.createFile({ ...(await device.home()), name: 'Canaries' });
    const marks = Array.from({ length: CANARIES }, () => `canary of a document ${random()}`);
    plant('document', ...marks);
    const [root] = await file.documents();
    await file.put(
      ...marks.map((mark, n) => ({
        _id: `req_${random(16)}`,
        type: 'Request',
        parentId: root!._id,
        name: `Request ${n}`,
        url: `https://example.org/${encodeURIComponent(mark)}`,
        body: { text: mark },
      })),
    );
    await file.commit('With a hundred canaries');
    await file.push();

    const other = await Device.open({
      url: api.url,
      store: new MemoryStore(),
      name: 'reader',
      fetch: listening,
    });
    await other.signInWith(await account.startAppSession({ device: 'reader' }));
    plant('secret', other.session!.id);
    await other.restore();
    const read = JSON.stringify(await other.file(file.id).documents());
    expect(marks.filter((mark) => !read.includes(mark))).toEqual([]);
  });

  it('follows the stream, whose address carries the session', async () => {
    const { org } = await device.home();
    const token = device.session!.id;
    const abort = new AbortController();
    const response = await fetch(`${api.url}/v1/teams/${org}/streams?sessionId=${token}`, {
      headers: { 'x-session-id': token },
      signal: abort.signal,
    });
    expect(response.status).toBe(200);
    abort.abort();
  });

  it('leaves the id of a request where it belongs, so that whoever searches can find something', async () => {
    const requestId = `visible-${random()}`;
    plant('visible', requestId);
    const reply = await api.call('POST', '/api/v1/organizations', {
      body: { name: 'Visible' },
      headers: { 'x-request-id': requestId },
    });
    expect(reply.status).toBe(201);
  });

  it('is refused with secrets in every place of a request', async () => {
    const statuses = new Set<number>();
    for (let n = 0; n < CANARIES; n++) {
      const [token, key] = [`sess_${randomBytes(32).toString('base64url')}`, random(32)];
      plant('secret', token, key);
      statuses.add(await refusedWith(n, token, key));
    }
    for (const status of statuses) expect([400, 401, 403, 404, 429]).toContain(status);
  });

  /** Sessions that are none in header, address, cookie and body; keys that fit nothing; bodies that cannot be read. */
  const refusedWith = async (n: number, token: string, key: string): Promise<number> => {
    const json = { 'content-type': 'application/json', origin: api.url };
    const requests: [string, RequestInit][] = [
      ['/v1/organizations', { headers: { 'x-session-id': token, authorization: `Bearer ${key}` } }],
      [`/v1/teams/org_${'0'.repeat(32)}/streams?sessionId=${token}`, { headers: { 'x-session-id': token } }],
      ['/auth/whoami', { headers: { 'x-session-id': key } }],
      ['/app/api/account', { headers: { cookie: `tidemark_session=web_${token.slice(5)}` } }],
      [
        '/app/api/sign-in',
        { method: 'POST', headers: json, body: JSON.stringify({ email, authenticationKey: key }) },
      ],
      ['/app/api/sign-in', { method: 'POST', headers: json, body: `{"authenticationKey":"${key}"` }],
      ['/graphql', { method: 'POST', headers: json, body: JSON.stringify({ query: `{ x(a: "${key}") }` }) }],
      [
        '/graphql',
        {
          method: 'POST',
          headers: { ...json, 'x-session-id': token },
          body: JSON.stringify({ query: `query { project(id: "${key}") { id } }` }),
        },
      ],
      ['/app/api/email-verification', { method: 'POST', headers: json, body: JSON.stringify({ token }) }],
    ];
    const [path, init] = requests[n % requests.length]!;
    const response = await fetch(api.url + path, init);
    await response.text();
    const toldInGraphql = path === '/graphql' && response.status === 200;
    return toldInGraphql ? 400 : response.status;
  };
});
