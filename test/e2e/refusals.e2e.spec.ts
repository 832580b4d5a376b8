import type { Api, CallOptions } from './support/api.js';
import { product } from './support/product.js';
import { until } from './support/until.js';

const absent = `org_${'0'.repeat(32)}`;
const organizations = '/api/v1/organizations';

type Refusal = [
  name: string,
  method: string,
  path: string,
  options: CallOptions,
  status: number,
  code: string,
];

const refusals: Refusal[] = [
  ['no token', 'GET', organizations, { token: null }, 401, 'UNAUTHORIZED'],
  ['a wrong token', 'GET', organizations, { token: `tm_${'x'.repeat(43)}` }, 401, 'UNAUTHORIZED'],
  ['a token of another shape', 'GET', organizations, { token: 'x' }, 401, 'UNAUTHORIZED'],
  ['an absent organization', 'GET', `${organizations}/${absent}`, {}, 404, 'NOT_FOUND'],
  ['what is no id', 'GET', `${organizations}/org_x`, {}, 404, 'NOT_FOUND'],
  ['the audit of an absent organization', 'GET', `${organizations}/${absent}/audit`, {}, 404, 'NOT_FOUND'],
  ['the stream of an absent organization', 'GET', `${organizations}/${absent}/events`, {}, 404, 'NOT_FOUND'],
  [
    'renaming an absent organization',
    'PATCH',
    `${organizations}/${absent}`,
    { body: { name: 'A' } },
    404,
    'NOT_FOUND',
  ],
  ['no body', 'POST', organizations, {}, 400, 'INVALID_INPUT'],
  ['no name', 'POST', organizations, { body: {} }, 400, 'INVALID_INPUT'],
  ['an empty name', 'POST', organizations, { body: { name: '' } }, 400, 'INVALID_INPUT'],
  ['a name that is a number', 'POST', organizations, { body: { name: 7 } }, 400, 'INVALID_INPUT'],
  [
    'a name that is an object',
    'POST',
    organizations,
    { body: { name: { length: 3 } } },
    400,
    'INVALID_INPUT',
  ],
  ['a name too long', 'POST', organizations, { body: { name: 'x'.repeat(201) } }, 400, 'INVALID_INPUT'],
  ['a zero byte', 'POST', organizations, { body: { name: 'a\u0000' } }, 400, 'INVALID_INPUT'],
  ['an unknown field', 'POST', organizations, { body: { name: 'A', owner: 'me' } }, 400, 'INVALID_INPUT'],
  ['a list', 'POST', organizations, { body: [] }, 400, 'INVALID_INPUT'],
  ['a bad page size', 'GET', `${organizations}?limit=0`, {}, 400, 'INVALID_INPUT'],
  ['a page size that is no number', 'GET', `${organizations}?limit=x`, {}, 400, 'INVALID_INPUT'],
  ['an unknown parameter', 'GET', `${organizations}?order=name`, {}, 400, 'INVALID_INPUT'],
  [
    'a bad key',
    'POST',
    organizations,
    { body: { name: 'A' }, headers: { 'idempotency-key': 'a b' } },
    400,
    'INVALID_INPUT',
  ],
  ['an unknown route', 'GET', '/api/v1/nothing', {}, 404, 'NOT_FOUND'],
  ['a session that is none', 'GET', organizations, { token: `sess_${'x'.repeat(43)}` }, 401, 'UNAUTHORIZED'],
  ...[
    '/auth/whoami',
    '/v1/organizations',
    '/v1/user/files',
    '/v3/users/me',
    `/v1/teams/${absent}/streams`,
  ].map((path): Refusal => [
    `${path} without a session`,
    'GET',
    `${path}?sessionId=x`,
    { token: null },
    401,
    'UNAUTHORIZED',
  ]),
  ['the app with the operator’s token', 'GET', '/auth/whoami', {}, 401, 'UNAUTHORIZED'],
  ['an unknown route of the app', 'GET', '/v1/oauth/gitlab/config', {}, 404, 'NOT_FOUND'],
  ['a method that the app’s route has not', 'DELETE', '/auth/whoami', {}, 405, 'METHOD_NOT_ALLOWED'],
  ['GraphQL by GET', 'GET', '/graphql?x', {}, 405, 'METHOD_NOT_ALLOWED'],
  ['the website without a cookie', 'GET', '/app/api/account', {}, 401, 'UNAUTHORIZED'],
  ['the website from nowhere', 'POST', '/app/api/sign-in', { body: {} }, 403, 'FORBIDDEN'],
  [
    'the website from elsewhere',
    'POST',
    '/app/api/sign-in',
    { body: {}, headers: { origin: 'https://x.test' } },
    403,
    'FORBIDDEN',
  ],
  ['what the website does not offer', 'GET', '/app/api/nothing', {}, 404, 'NOT_FOUND'],
  ['a file that the website has not', 'GET', '/app/assets/nothing.js', {}, 404, 'NOT_FOUND'],
  ['a method that the route has not', 'DELETE', organizations, {}, 405, 'METHOD_NOT_ALLOWED'],
];

describe('refusals', () => {
  let api: Api;
  beforeAll(async () => (api = await product()));

  it.each(refusals)('%s', async (_name, method, path, options, status, code) => {
    const { body, ...reply } = await api.call(method, path, options);
    expect({ status: reply.status, error: body['error'] }).toEqual({ status, error: code });
    expect(reply.headers.get('content-type')).toMatch(/^application\/json/);
    expect(body['message']).toEqual(expect.stringMatching(/\S{2}/));
    expect(body['requestId']).toBe(reply.headers.get('x-request-id'));
  });

  it('names the field and the rule', async () => {
    const { body } = await api.call('POST', organizations, { body: { name: '' } });
    expect(body['message']).toContain('name');
    expect(body['details']).toEqual([expect.objectContaining({ field: 'name' })]);
  });

  it('refuses a cursor that is none', async () => {
    const { body: org } = await api.call('POST', organizations, { body: { name: 'Cursor' } });
    const reply = await api.call('GET', `${organizations}/${String(org['id'])}/events`, {
      headers: { 'last-event-id': 'x' },
    });
    expect(reply).toMatchObject({ status: 400, body: { error: 'CURSOR_INVALID' } });
  });

  it('changed nothing: an organization made after them is listed, and none of theirs is', async () => {
    const { body: last } = await api.call('POST', organizations, { body: { name: 'After the refusals' } });
    const listed = await until(
      () => everything(api),
      (names) => names.has(String(last['id'])),
    );
    const refused = refusals.map(([, , , { body }]) => (body as { name?: unknown } | undefined)?.name);
    expect([...listed.values()].filter((name) => refused.includes(name))).toEqual([]);
  });
});

/** All organizations by id, page by page. */
async function everything(api: Api): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (let after = ''; ;) {
    const { body } = await api.call('GET', `${organizations}?limit=200${after && `&after=${after}`}`);
    for (const { id, name } of body['items'] as { id: string; name: string }[]) names.set(id, name);
    if (body['next'] === null) return names;
    after = body['next'] as string;
  }
}
