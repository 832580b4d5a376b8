import { DomainError, errorKinds } from '@tidemark/contracts';
import {
  account,
  ACCOUNT,
  ada,
  FILE,
  file,
  ORG,
  organization,
  OTHER_ORG,
  PROJECT,
  ROOT,
} from '../../test/ada.js';
import { nobody } from '../../test/fake-services.js';
import { OPERATOR, SESSION, startGateway, WEB_SESSION, type Gateway } from '../../test/gateway.js';
import { vectors } from '../../test/vectors.js';

const { newerApp, whoami } = vectors;

let gateway: Gateway;

beforeAll(async () => void (gateway = await startGateway(ada())));
afterAll(() => gateway?.service.close());
beforeEach(() => gateway.become(ada()));

const get = async (path: string) => {
  const { status, body } = await gateway.app(path);
  expect({ path, status }).toEqual({ path, status: 200 });
  expect(body).not.toHaveProperty('error');
  return body;
};

describe('what an app asks after its log-in', () => {
  it('whoami has the members that the app reads, each key as a text', async () => {
    const body = await get('/auth/whoami');
    const read = [
      'accountId',
      'email',
      'firstName',
      'lastName',
      'publicKey',
      'encSymmetricKey',
      'encPrivateKey',
    ];
    for (const member of read) expect(body[member]).toBe(whoami[member]);
  });

  it('organizations, profile and plan, of which none may be missing', async () => {
    expect(await get('/v1/organizations')).toMatchObject({
      organizations: [
        {
          id: ORG,
          name: 'Personal',
          display_name: 'Personal',
          branding: { logo_url: '' },
          metadata: { organizationType: 'personal', ownerAccountId: ACCOUNT },
        },
      ],
    });
    expect(await get('/v1/user/profile')).toEqual({ id: ACCOUNT, name: 'Ada Lovelace', picture: '' });
    expect(await get('/v1/billing/current-plan')).toMatchObject({
      isActive: true,
      period: 'year',
      planId: 'self-hosted',
      price: 0,
      type: 'enterprise',
    });
  });

  it('all organizations, however many pages they are', async () => {
    const pages: Record<string, object> = {
      '': { items: [organization], next: ORG },
      [ORG]: { items: [{ ...organization, id: OTHER_ORG, kind: 'team' }], next: null },
    };
    gateway.services.answers['orgs.list-organizations'] = ({ after = '' }: { after?: string }) =>
      pages[after];
    const { organizations } = await get('/v1/organizations');
    expect((organizations as { id: string }[]).map(({ id }) => id)).toEqual([ORG, OTHER_ORG]);
  });

  it.each(['/v1/organizations', `/v1/organizations/${ORG}/team-projects`, '/v3/users/me/spaces'])(
    '%s is an error rather than a shorter list',
    async (path) => {
      for (const pattern of ['orgs.list-organizations', 'orgs.list-projects'])
        gateway.services.answers[pattern] = () => {
          throw new DomainError('UNAVAILABLE', 'This cannot be done right now.');
        };
      const { status, body } = await gateway.app(path);
      expect({ status, error: body['error'] }).toEqual({ status: 503, error: 'UNAVAILABLE' });
      expect(body).not.toHaveProperty('organizations');
      if (!path.startsWith('/v3/')) expect(body).not.toHaveProperty('data');
    },
  );
});

describe('what an app from 13 on asks instead', () => {
  const same = ['GET /v3/users/me', 'GET /v1/user/vault', 'GET /v3/users/me/onboarding'];
  const spaces = 'GET /v3/users/me/spaces?page%5Bsize%5D=200';
  const entitlements = 'GET /v1/user/entitlements?feature=konnectControlPlanes';

  it.each([...same, spaces, entitlements])('%s', async (call) => {
    expect(await get(call.slice('GET '.length))).toEqual(newerApp[call]);
  });

  it('the keys, the same texts as in whoami', async () => {
    const { path, ...members } = newerApp['encryptionKeys']!;
    const expected = Object.entries(members).map(([name, value]) => [
      name,
      name.startsWith('public') || name === 'enc_private_key' || name === 'enc_symmetric_key'
        ? whoami[value as string]
        : value,
    ]);
    expect(await get((path as string).slice('GET '.length))).toEqual(Object.fromEntries(expected));
  });

  it('page by page', async () => {
    gateway.services.answers['orgs.list-organizations'] = ({
      limit,
      after,
    }: {
      limit: number;
      after?: string;
    }) =>
      after === undefined
        ? { items: [organization].slice(0, limit), next: ORG }
        : { items: [{ ...organization, id: OTHER_ORG, owner: 'acct_x', kind: 'team' }], next: null };
    const first = (await get('/v3/users/me/spaces?page%5Bsize%5D=1')) as {
      meta: { page: { next: string; size: number } };
    };
    expect(first.meta.page).toMatchObject({ size: 1, previous: null });
    const second = await get(first.meta.page.next);
    expect(second).toMatchObject({
      data: [{ id: OTHER_ORG, is_owner: false, owner_email: null, can_leave: true }],
      meta: { page: { next: null } },
    });
  });

  it.each([
    ['page%5Bsize%5D=0', 'INVALID_INPUT'],
    ['page%5Bsize%5D=x', 'INVALID_INPUT'],
    ['page%5Bafter%5D=x', 'CURSOR_INVALID'],
  ])('refuses %s as newer apps show it', async (query, code) => {
    const { status, body } = await gateway.app(`/v3/users/me/spaces?${query}`);
    expect({ status, error: body['error'] }).toEqual({ status: 400, error: code });
    expect(body).toMatchObject({
      status: 400,
      title: 'Bad Request',
      detail: body['message'],
      instance: '/v3/users/me/spaces',
    });
  });
});

describe('an organization in view', () => {
  const at = `/v1/organizations/${ORG}`;

  it('says what the app would crash without', async () => {
    const { features, billing } = await get(`${at}/features`);
    expect(features).toMatchObject({ gitSync: { enabled: true }, orgBasicRbac: { enabled: true } });
    for (const feature of Object.values(features as Record<string, { enabled: unknown; reason: unknown }>))
      expect(feature).toEqual({ enabled: expect.any(Boolean), reason: expect.any(String) });
    expect(billing).toMatchObject({ isActive: true, accessDenied: false });
    expect(await get(`${at}/storage-rule`)).toEqual({
      storage: 'cloud_plus_local',
      enableCloudSync: true,
      enableLocalVault: true,
      enableGitSync: true,
      isOverridden: false,
    });
    expect(await get(at)).toMatchObject({ id: ORG, metadata: { ownerAccountId: ACCOUNT } });
  });

  it('has a boolean for each permission that the app knows', async () => {
    const permissions = await get(`${at}/user-permissions`);
    expect(Object.keys(permissions)).toHaveLength(23);
    expect(new Set(Object.values(permissions).map((value) => typeof value))).toEqual(new Set(['boolean']));
    expect(permissions).toMatchObject({ 'own:organization': true, 'create:invitation': false });
  });

  it('has roles, the one of its owner, and its one member', async () => {
    const { text } = await gateway.app('/v1/organizations/roles');
    const names = (JSON.parse(text) as { name: string }[]).map(({ name }) => name);
    expect(names).toEqual(['owner', 'admin', 'member', 'viewer']);
    expect(await get(`${at}/members/${ACCOUNT}/roles`)).toMatchObject({ name: 'owner' });
    expect(await get(`${at}/members?per_page=8&page=0`)).toEqual({
      members: [
        {
          user_id: ACCOUNT,
          role_name: 'owner',
          picture: '',
          name: 'Ada Lovelace',
          email: account.email,
          created: '',
        },
      ],
      total: 1,
    });
    expect(await get(`${at}/members?page=0&email=nobody`)).toEqual({ members: [], total: 0 });
    expect(await get(`/v1/desktop/organizations/${ORG}/collaborators?per_page=25&filter=LOVE`)).toMatchObject(
      {
        collaborators: [{ id: ACCOUNT, type: 'member', name: 'Ada Lovelace' }],
        total: 1,
      },
    );
    expect(await get(`${at}/invites`)).toEqual({ invitations: [] });
    expect((await gateway.app(`${at}/members/acct_x/roles`)).status).toBe(404);
  });

  it.each([
    ['POST', 'check-seats'],
    ['POST', 'invites'],
    ['POST', 'invites/instructions'],
    ['POST', 'reconcile-keys'],
    ['GET', 'my-project-keys'],
    ['PUT', `members/${ACCOUNT}/roles`],
    ['PATCH', `members/${ACCOUNT}/roles`],
    ['PATCH', 'invites/x'],
    ['DELETE', `members/${ACCOUNT}`],
    ['DELETE', 'invites/x'],
  ])('%s …/%s is refused with a reason', async (method, path) => {
    const { status, body } = await gateway.app(`${at}/${path}`, method);
    expect({ status, error: body['error'] }).toEqual({ status: 403, error: 'FORBIDDEN' });
    expect(body['message']).toMatch(/personal space/);
  });

  it('takes what the app tells without waiting for an answer', async () => {
    expect((await gateway.app(`${at}/collaborators`, 'POST', { project: PROJECT })).body).toEqual({
      data: [],
    });
    expect((await gateway.app(`${at}/git-projects`, 'PATCH', { count: 1 })).status).toBe(204);
  });

  it.each(['', '/features', '/storage-rule', '/user-permissions', '/team-projects', '/members', '/invites'])(
    '%p is absent where the organization is somebody else’s, or none',
    async (path) => {
      for (const org of [OTHER_ORG, 'org_scratchpad']) {
        const { status, body } = await gateway.app(`/v1/organizations/${org}${path}`);
        expect({ status, error: body['error'] }).toEqual({ status: 404, error: 'NOT_FOUND' });
      }
    },
  );
});

describe('team projects', () => {
  const at = `/v1/organizations/${ORG}/team-projects`;

  it('are listed', async () => {
    expect(await get(at)).toEqual({ data: [{ id: PROJECT, name: 'Engines' }] });
  });

  it('are made under the name that was typed, without the blanks around it', async () => {
    const { status, body } = await gateway.app(at, 'POST', { name: ' Looms  ', color: 'blue' });
    expect({ status, body }).toEqual({ status: 200, body: { id: PROJECT, name: 'Looms' } });
  });

  it('are renamed and deleted with an answer that has no text', async () => {
    for (const [method, body] of [
      ['PATCH', { name: 'Looms' }],
      ['DELETE', undefined],
    ] as const) {
      const reply = await gateway.app(`${at}/${PROJECT}`, method, body);
      expect({ status: reply.status, text: reply.text }).toEqual({ status: 204, text: '' });
      expect(reply.headers.get('content-type')).toBeNull();
    }
    expect(gateway.services.take()).toEqual(
      expect.arrayContaining(['orgs.rename-project', 'orgs.delete-project']),
    );
  });

  it.each([
    ['POST', '', { name: 7 }, 400, 'INVALID_INPUT'],
    ['POST', '', {}, 400, 'INVALID_INPUT'],
    ['POST', '', 'null', 400, 'INVALID_INPUT'],
    ['POST', '', '[', 400, 'INVALID_JSON'],
    ['PATCH', '/proj_gone', { name: 'x' }, 404, 'NOT_FOUND'],
    ['PATCH', '/no id', { name: 'x' }, 404, 'NOT_FOUND'],
    ['DELETE', '/no id', undefined, 404, 'NOT_FOUND'],
  ])('%s %s %j is refused', async (method, path, body, status, code) => {
    const reply = await gateway.app(at + path, method, body);
    expect({ status: reply.status, error: reply.body['error'] }).toEqual({ status, error: code });
    expect(
      gateway.services.take().filter((pattern) => /(create|rename|delete)-project$/.test(pattern)),
    ).toEqual([]);
  });

  it.each([
    ['POST', ''],
    ['PATCH', `/${PROJECT}`],
    ['DELETE', `/${PROJECT}`],
  ])('%s is FORBIDDEN to whoever may only read', async (method, path) => {
    const access = { org: ORG, kind: 'team', owner: 'acct_x', level: 'read' };
    gateway.services.answers['orgs.access'] = () => access;
    const { status, body } = await gateway.app(at + path, method, { name: 'x' });
    expect({ status, error: body['error'] }).toEqual({ status: 403, error: 'FORBIDDEN' });
  });
});

describe('small calls', () => {
  it('the files of everything, under the ids that the command palette wants', async () => {
    const { text } = await gateway.app('/v1/user/files');
    expect(JSON.parse(text)).toEqual([
      { id: ROOT, name: file.name, projectId: FILE, teamProjectId: PROJECT, organizationId: ORG },
    ]);
  });

  it.each(['/v1/telemetry', '/v1/telemetry/'])('%s is taken without a session', async (path) => {
    const { status, text } = await gateway.call(path, { method: 'POST' });
    expect({ status, text }).toEqual({ status: 204, text: '' });
  });

  it('a notification is an empty text', async () => {
    const { status, headers, text } = await gateway.call('/notification', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ app: 'x', launches: 3 }),
    });
    expect({ status, text }).toEqual({ status: 200, text: '' });
    expect(headers.get('content-type')).toMatch(/^text\/plain/);
  });

  it.each(['/v1/oauth/gitlab/config', '/v1/user/vault/reset', '/v3/nothing', '/auth/nothing'])(
    '%s is 404 in JSON',
    async (path) => {
      const { status, body } = await gateway.app(path);
      expect({ status, error: body['error'] }).toEqual({ status: 404, error: 'NOT_FOUND' });
    },
  );
});

const LOG_IN = vectors.graphqlErrors['endedSession']!.headers!['x-insomnia-command'];
const guarded = [
  '/auth/whoami',
  '/v1/organizations',
  `/v1/organizations/${ORG}/team-projects`,
  '/v3/users/me',
];

describe('a session', () => {
  it.each([
    ['missing', {}],
    ['unknown', { 'x-session-id': `sess_${'x'.repeat(43)}` }],
    ['the website’s', { 'x-session-id': WEB_SESSION }],
    ['a cookie', { cookie: `tidemark_session=${WEB_SESSION}` }],
    ['a bearer token', { authorization: `Bearer ${SESSION}` }],
    ['the operator’s token', { authorization: `Bearer ${OPERATOR}` }],
  ] as [string, Record<string, string>][])(
    'that is %s opens nothing, and the app is told to log in',
    async (_what, headers) => {
      for (const path of guarded) {
        const reply = await gateway.call(`${path}?sessionId=${SESSION}`, { headers });
        expect({ status: reply.status, error: reply.body['error'] }).toEqual({
          status: 401,
          error: 'UNAUTHORIZED',
        });
        expect(reply.headers.get('x-insomnia-command')).toBe(LOG_IN);
      }
      expect(gateway.services.take()).toEqual([]);
    },
  );

  it('is asked about once for many calls, and its caller and app are named', async () => {
    await Promise.all(guarded.map((path) => gateway.app(path)));
    const asked = gateway.services.sent.filter(({ pattern }) => pattern === 'orgs.authenticate');
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ payload: { token: SESSION }, actor: { account: 'acct_nobody' } });
  });

  it('that has ended is refused although it was good a moment ago, where its end came by this door', async () => {
    await gateway.app('/auth/whoami');
    expect((await gateway.app('/auth/logout', 'POST')).status).toBe(204);
    gateway.services.answers['orgs.authenticate'] = nobody;
    expect((await gateway.app('/auth/whoami')).status).toBe(401);
  });

  it('of one account is not forgotten because somebody else logs out', async () => {
    await gateway.app('/auth/whoami');
    const headers = { 'x-session-id': `sess_${'y'.repeat(43)}` };
    await gateway.call('/auth/logout', { method: 'POST', headers });
    await gateway.app('/auth/whoami');
    const asked = gateway.services.sent.filter(({ pattern }) => pattern === 'orgs.authenticate');
    expect(asked).toHaveLength(1);
  });

  it.each([undefined, 'x', SESSION])(
    'logs out with the token %p and never hears of it again',
    async (token) => {
      gateway.services.answers['orgs.sign-out'] = nobody;
      const reply = await gateway.call('/auth/logout', {
        method: 'POST',
        headers: token === undefined ? {} : { 'x-session-id': token },
      });
      expect({ status: reply.status, command: reply.headers.get('x-insomnia-command') }).toEqual({
        status: 204,
        command: null,
      });
    },
  );

  it('is no reason for the header at a log-out that fails', async () => {
    gateway.services.answers['orgs.sign-out'] = () => {
      throw new DomainError('UNAVAILABLE', 'This cannot be done right now.');
    };
    const reply = await gateway.app('/auth/logout', 'POST');
    expect(reply.status).toBe(503);
    expect(reply.headers.get('x-insomnia-command')).toBeNull();
  });

  it('works at the native door as a bearer token, where the header of the app does not', async () => {
    const native = '/api/v1/organizations';
    const bearer = { authorization: `Bearer ${SESSION}` };
    expect((await gateway.call(native, { headers: bearer })).status).toBe(200);
    expect(gateway.services.sent.at(-1)).toMatchObject({ actor: { account: ACCOUNT } });
    const refused = await gateway.app(native);
    expect(refused.status).toBe(401);
    expect(refused.headers.get('x-insomnia-command')).toBeNull();
  });
});

it('an organization that is made is known to the session at once', async () => {
  gateway.services.answers['orgs.create-organization'] = ({ org, name }: { org: string; name: string }) => ({
    id: org,
    name,
  });
  await gateway.app('/auth/whoami');
  const { status } = await gateway.call('/api/v1/organizations', {
    method: 'POST',
    headers: { authorization: `Bearer ${SESSION}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Acme' }),
  });
  expect(status).toBe(201);
  await gateway.app('/auth/whoami');
  const asked = gateway.services.sent.filter(({ pattern }) => pattern === 'orgs.authenticate');
  expect(asked).toHaveLength(2);
});

describe('other origins', () => {
  it.each(['/auth/whoami', '/graphql', '/v3/users/me', '/v1/nothing'])(
    'may ask %s, which no cookie opens',
    async (path) => {
      const preflight = await gateway.call(path, {
        method: 'OPTIONS',
        headers: { origin: 'https://x.test' },
      });
      expect({ status: preflight.status, text: preflight.text }).toEqual({ status: 204, text: '' });
      expect(preflight.headers.get('access-control-allow-headers')).toContain('X-Session-Id');
      const refused = await gateway.call(path, { headers: { origin: 'https://x.test' } });
      expect(refused.status).toBeGreaterThanOrEqual(400);
      expect(refused.headers.get('access-control-allow-origin')).toBe('*');
      expect(refused.headers.get('access-control-expose-headers')).toContain('x-insomnia-command');
    },
  );

  it.each(['/api/v1/organizations', '/app/api/account', '/health/live'])('may not ask %s', async (path) => {
    const preflight = await gateway.call(path, { method: 'OPTIONS', headers: { origin: 'https://x.test' } });
    expect(preflight.status).toBe(405);
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('a wrong method, and a body that is too large', () => {
  it.each([
    ['DELETE', '/auth/whoami', 405],
    ['GET', '/auth/logout', 405],
    ['PUT', `/v1/organizations/${ORG}/team-projects`, 405],
    ['POST', '/v3/users/me', 405],
  ])('%s %s', async (method, path, status) => {
    const reply = await gateway.app(path, method);
    expect({ status: reply.status, error: reply.body['error'] }).toEqual({
      status,
      error: 'METHOD_NOT_ALLOWED',
    });
  });

  it('is refused at its limit', async () => {
    const reply = await gateway.app(`/v1/organizations/${ORG}/team-projects`, 'POST', {
      name: 'x'.repeat(2_000_000),
    });
    expect({ status: reply.status, error: reply.body['error'] }).toEqual({
      status: errorKinds.TOO_LARGE.status,
      error: 'TOO_LARGE',
    });
  });
});
