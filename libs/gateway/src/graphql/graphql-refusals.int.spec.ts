import { DomainError, errorKinds, fileAbsent } from '@tidemark/contracts';
import { ada, FILE } from '../../test/ada.js';
import { startGateway, type Gateway, type Reply } from '../../test/gateway.js';
import { data, refusedWith, withoutId } from '../../test/graphql-answers.js';
import { vectors } from '../../test/vectors.js';
import { documents } from '../../test/documents.js';

const { graphqlErrors, wire } = vectors;

let gateway: Gateway;

beforeAll(async () => void (gateway = await startGateway(ada())));
afterAll(() => gateway?.service.close());
beforeEach(() => gateway.become(ada()));

/** The operation that the app calls by this label, and what it was answered. */
const ask = (label: keyof typeof documents, variables: object) =>
  gateway.graphql(documents[label], variables);

const inFile = { projectId: FILE };
const create = wire.projectCreate.variables;

describe('a refusal', () => {
  const post = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
    gateway.call('/graphql?label', {
      method: 'POST',
      headers: { 'x-session-id': `sess_${'s'.repeat(43)}`, 'content-type': 'application/json', ...headers },
      body,
    });

  const bothForms = (reply: Reply, status: number, code: string) => {
    expect({ status: reply.status, error: reply.body['error'] }).toEqual({ status, error: code });
    const { message, requestId } = reply.body;
    expect(requestId).toBe(reply.headers.get('x-request-id'));
    expect(reply.headers.get('content-type')).toMatch(/^application\/json/);
    expect(reply.body).toMatchObject({
      data: null,
      errors: [{ message, extensions: { code, status, requestId } }],
    });
    return message as string;
  };

  it.each([
    ['missing', undefined],
    ['unknown', `sess_${'x'.repeat(43)}`],
    ['of another shape', 'x'],
    ['the website’s', `web_${'w'.repeat(43)}`],
  ])('of a session that is %s', async (_what, token) => {
    const reply = await gateway.call(`/graphql?sessionId=sess_${'s'.repeat(43)}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token ? { 'x-session-id': token } : {}) },
      body: JSON.stringify({ query: '{ projects { id } }' }),
    });
    const { status, headers, body } = graphqlErrors['endedSession']!;
    expect(withoutId(reply)).toEqual({ status, text: JSON.stringify(body) });
    for (const [name, value] of Object.entries(headers!)) expect(reply.headers.get(name)).toBe(value);
    expect(gateway.services.take()).toEqual([]);
  });

  it('of a session that ends during the call', async () => {
    gateway.services.answers['branches.get-branch'] = () => {
      throw new DomainError('UNAUTHORIZED', 'You are not logged in or your session has ended. Log in again.');
    };
    const reply = await ask('branch', { ...inFile, branch: 'master' });
    refusedWith(reply, 'UNAUTHORIZED');
    expect(reply.headers.get('x-insomnia-command')).toMatch(/^insomnia:\/\/app\/auth\/login\?message=/);
  });

  it.each([
    ['no JSON', '{', 400, 'INVALID_JSON'],
    ['empty', '', 400, 'INVALID_JSON'],
    ['not UTF-8', new Uint8Array([0x22, 0xff, 0x22]), 400, 'INVALID_JSON'],
    ['a list of operations', '[{"query":"{ projects { id } }"}]', 400, 'BATCHING_DISABLED'],
    ['null', 'null', 400, 'INVALID_INPUT'],
    ['without a query', '{}', 400, 'INVALID_INPUT'],
    ['a query that is a number', '{"query":7}', 400, 'INVALID_INPUT'],
    ['variables in a list', '{"query":"{ projects { id } }","variables":[]}', 400, 'INVALID_INPUT'],
    ['variables in a text', '{"query":"{ projects { id } }","variables":"x"}', 400, 'INVALID_INPUT'],
  ])('of a body that is %s', async (_what, body, status, code) => {
    bothForms(await post(body), status, code);
  });

  it.each([
    ['{', 'GRAPHQL_PARSE_FAILED'],
    ['', 'GRAPHQL_PARSE_FAILED'],
    ['query { projects { id } } query b { projects { id } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['fragment f on Project { id }', 'GRAPHQL_VALIDATION_FAILED'],
    ['subscription { projects { id } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['query ($p: ID!) { project(id: $p) { id } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['{ __schema { types { name } } }', 'INTROSPECTION_DISABLED'],
    ['{ projects { ...f } } fragment f on Project { __type(name: "x") { name } }', 'INTROSPECTION_DISABLED'],
    ['{ projects { ...f } } fragment f on Project { teams { id } ...f }', 'GRAPHQL_VALIDATION_FAILED'],
    [`{ ${'a { '.repeat(11)} id ${'}'.repeat(11)} }`, 'QUERY_TOO_COMPLEX'],
    [`{ ${Array.from({ length: 16 }, (_, i) => `a${i}: projects { id }`).join(' ')} }`, 'QUERY_TOO_COMPLEX'],
    [
      `{ projects { ...a ...a } } fragment a on Project { ${Array.from({ length: 8 }, (_, i) => `a${i}: id`).join(' ')} }`,
      'QUERY_TOO_COMPLEX',
    ],
    [`{ projects { ${'id '.repeat(2_000)} } }`, 'QUERY_TOO_COMPLEX'],
  ])('of the query %.60p', async (query, code) => {
    bothForms(await gateway.graphql(query), errorKinds[code as 'QUERY_TOO_COMPLEX'].status, code);
    expect(gateway.services.take()).toEqual([]);
  });

  it('quotes little of what came in', async () => {
    const message = bothForms(
      await gateway.graphql(`{ ${'x'.repeat(5_000)} }`),
      400,
      'GRAPHQL_VALIDATION_FAILED',
    );
    expect(message.length).toBeLessThan(200);
  });

  it('of a body above the limit, in both forms', async () => {
    const reply = await post('x'.repeat(64 * 1024 * 1024 + 1)).catch(() => undefined);
    // Whoever still writes when the answer comes may see a broken connection instead of it.
    if (!reply) return;
    expect(withoutId(reply).text).toBe(JSON.stringify(graphqlErrors['tooLarge']!.body));
    bothForms(reply, 413, 'TOO_LARGE');
  });

  it('takes a body that is far above that of other routes', async () => {
    const ids = Array.from({ length: 200_000 }, (_, i) => i.toString(16).padStart(40, '0'));
    expect(data(await ask('missingBlobs', { ...inFile, ids }))).toMatchObject({
      blobsMissing: { missing: ids.slice(1) },
    });
  });

  it.each([
    ['text/plain', 415],
    ['application/json; charset=latin1', 200],
  ])('of the content type %s', async (type, status) => {
    const reply = await post('{"query":"{ projects { id } }"}', { 'content-type': type });
    expect(reply.status).toBe(status);
    if (status === 415) bothForms(reply, 415, 'UNSUPPORTED_MEDIA_TYPE');
  });

  it.each(['GET', 'PUT', 'DELETE'])('of the method %s', async (method) => {
    bothForms(await gateway.app('/graphql?x', method), 405, 'METHOD_NOT_ALLOWED');
  });

  it('of half a character, which no service could keep', async () => {
    gateway.services.answers['orgs.access'] = () => {
      throw Object.assign(new Error('value cannot travel'), { name: 'WireFormatError' });
    };
    refusedWith(await ask('createProject', create), 'INVALID_INPUT');
  });

  it('of a bug says nothing of it', async () => {
    gateway.services.answers['branches.find-file'] = () => {
      throw new TypeError('secret-7f3a');
    };
    expect(refusedWith(await ask('project', { id: FILE }), 'INTERNAL')).not.toContain('secret-7f3a');
  });

  it('has one text for a lacking right and for absence', async () => {
    gateway.services.answers['branches.file-key'] = () => {
      throw new DomainError('FORBIDDEN', 'You are not allowed to do this.');
    };
    expect(refusedWith(await ask('projectKey', inFile), 'FORBIDDEN')).toContain('invalid access');
    expect(fileAbsent().message).toContain('invalid access');
  });
});
