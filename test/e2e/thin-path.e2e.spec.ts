import type { Api } from './support/api.js';
import { listen } from './support/event-stream.js';
import { product } from './support/product.js';
import { until } from './support/until.js';

/**
 * The thin path through every part: gateway → command in orgs → event in its log → sequencer → relay and Kafka, or
 * log reader → audit → back through the gateway, and on an open event stream.
 */
describe('the thin path', () => {
  let api: Api;
  beforeAll(async () => (api = await product()));

  const create = async (name: string, headers: Record<string, string> = {}) => {
    const reply = await api.call('POST', '/api/v1/organizations', { body: { name }, headers });
    expect(reply).toMatchObject({ status: 201, body: { name } });
    return reply.body as { id: string; name: string; createdAt: string };
  };
  const rename = (id: string, name: string, headers: Record<string, string> = {}) =>
    api.call('PATCH', `/api/v1/organizations/${id}`, { body: { name }, headers });
  const entries = async (id: string) => {
    const { body } = await api.call('GET', `/api/v1/organizations/${id}/audit?limit=200`);
    return body['items'] as Record<string, unknown>[];
  };

  it('records a creation, gives it back, and tells whoever listens', async () => {
    const reply = await api.call('POST', '/api/v1/organizations', {
      body: { name: 'Acme' },
      headers: { 'x-request-id': 'thin-path-1' },
    });
    expect(reply.headers.get('x-request-id')).toBe('thin-path-1');
    const org = reply.body['id'] as string;
    expect(org).toMatch(/^org_[0-9a-f]{32}$/);
    expect((await api.call('GET', `/api/v1/organizations/${org}`)).body).toEqual(reply.body);

    const stream = await listen(api, org, 0);
    const made = await until(
      () => entries(org),
      (items) => items.length === 2,
    );
    const common = {
      at: reply.body['createdAt'],
      actor: 'acct_operator',
      outcome: 'done',
      requestId: 'thin-path-1',
    };
    // An organization comes with a project to land in: another stream, so either may be heard first.
    const project = `proj_${org}`;
    expect(made.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(made.map(({ seq: _, ...entry }) => entry)).toEqual(
      expect.arrayContaining([
        { action: 'organization.created', object: `organization-${org}`, ...common },
        { action: 'project.created', object: `project-${project}`, details: { project }, ...common },
      ]),
    );
    await until(
      async () => stream.events,
      (events) => events.length === 2,
    );
    expect(stream.events).toEqual(made.map((data) => ({ id: data['seq'], data })));
    stream.close();
  });

  it('tells an open stream each change once, in order, and nothing from before it was opened', async () => {
    const { id } = await create('Before');
    await until(
      () => entries(id),
      (items) => items.length === 2,
    );
    const stream = await listen(api, id);
    for (let n = 1; n <= 20; n++) expect((await rename(id, `Name ${n}`)).status).toBe(200);
    await until(
      async () => stream.events,
      (events) => events.length >= 20,
    );
    expect(stream.events.map((event) => event.id)).toEqual(Array.from({ length: 20 }, (_, n) => n + 3));
    stream.close();
  });

  it('resumes a stream after the last event that was seen', async () => {
    const { id } = await create('Resumed');
    for (let n = 1; n <= 3; n++) await rename(id, `Name ${n}`);
    await until(
      () => entries(id),
      (items) => items.length === 5,
    );
    const stream = await listen(api, id, 3);
    await until(
      async () => stream.events,
      (events) => events.length >= 2,
    );
    expect(stream.events.map((event) => event.id)).toEqual([4, 5]);
    stream.close();
  });

  it('does a repeated request once, and refuses its key for another one', async () => {
    const key = { 'idempotency-key': `create-${Date.now()}-${process.pid}` };
    const first = await create('Once', key);
    expect(await create('Once', key)).toEqual(first);
    const other = await api.call('POST', '/api/v1/organizations', { body: { name: 'Other' }, headers: key });
    expect(other).toMatchObject({ status: 422, body: { error: 'IDEMPOTENCY_KEY_REUSED' } });

    const again = { 'idempotency-key': 'rename-1' };
    const [one, two] = [await rename(first.id, 'Twice?', again), await rename(first.id, 'Twice?', again)];
    expect(two).toMatchObject({ status: 200, body: one.body });
    await rename(first.id, 'Last');
    await until(
      () => entries(first.id),
      (items) => items.length >= 4,
    );
    const ofOrganization = ({ action }: Record<string, unknown>) => action !== 'project.created';
    const own = (await entries(first.id)).filter(ofOrganization);
    expect(own.map(({ action }) => action)).toEqual([
      'organization.created',
      'organization.renamed',
      'organization.renamed',
    ]);
  });

  it('makes one organization out of 16 equal requests at once', async () => {
    const key = { 'idempotency-key': `race-${Date.now()}-${process.pid}` };
    const made = await Promise.all(Array.from({ length: 16 }, () => create('Race', key)));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    await until(
      () => entries(made[0]!.id),
      (items) => items.length > 1,
    );
    expect(await entries(made[0]!.id)).toHaveLength(2);
  });

  it('lists organizations by pages, with their names of today', async () => {
    const mine = [await create('List 1'), await create('List 2'), await create('List 3')];
    await rename(mine[1]!.id, 'List two');
    const all = async () => {
      const items: { id: string; name: string }[] = [];
      for (let after = ''; ;) {
        const { body } = await api.call('GET', `/api/v1/organizations?limit=2${after && `&after=${after}`}`);
        items.push(...(body['items'] as typeof items));
        if (body['next'] === null) return items;
        after = body['next'] as string;
      }
    };
    const named = (list: { id: string; name: string }[]) =>
      mine.map(({ id }) => list.filter((item) => item.id === id).map((item) => item.name));
    const wanted = [['List 1'], ['List two'], ['List 3']];
    await until(all, (list) => JSON.stringify(named(list)) === JSON.stringify(wanted));
    const ids = (await all()).map(({ id }) => id);
    expect(ids).toEqual([...ids].sort());
  });

  it('pages through the audit without a gap', async () => {
    const { id } = await create('Paged');
    for (let n = 1; n <= 6; n++) await rename(id, `Page ${n}`);
    await until(
      () => entries(id),
      (items) => items.length === 8,
    );
    const seen: number[] = [];
    let after = '0';
    do {
      const { body } = await api.call('GET', `/api/v1/organizations/${id}/audit?limit=3&after=${after}`);
      const { items, next } = body as unknown as { items: { seq: number }[]; next: string | null };
      seen.push(...items.map(({ seq }) => seq));
      after = next ?? '';
    } while (after !== '');
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
});
