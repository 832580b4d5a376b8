import { DomainError, type ListEntries } from '@tidemark/contracts';
import { createLogger } from '@tidemark/runtime';
import { ada, authenticated, FILE, ORG, OTHER_ORG, PROJECT, SESSION_ID } from '../../test/ada.js';
import { FakeAudit } from '../../test/fake-audit.js';
import { nobody } from '../../test/fake-services.js';
import { AppStreams } from './app-streams.js';
import { openStream, until } from '../../test/streams.js';
import { SESSION, startGateway, type Gateway } from '../../test/gateway.js';

const path = `/v1/teams/${ORG}/streams?sessionId=${SESSION}`;

let gateway: Gateway;
let audit: FakeAudit;
const log: string[] = [];

beforeAll(async () => {
  const logger = createLogger({ level: 'debug', name: 'gateway', write: (line) => log.push(line) });
  gateway = await startGateway(ada(), {}, logger);
});
afterAll(() => gateway?.service.close());
beforeEach(() => {
  audit = new FakeAudit();
  gateway.become({ ...ada(), ...audit.answers });
});

const opened = (token = SESSION) => openStream(gateway.service.url + path, token);

/** Closes and waits until the gateway has noticed. */
async function closed(stream: Awaited<ReturnType<typeof opened>>, seq: number): Promise<void> {
  await stream.close();
  await until(() => gateway.service.app.get(AppStreams).size === 0);
  await until(() => audit.places.get(ORG + SESSION_ID) === seq);
}

const branches = ({ events }: Awaited<ReturnType<typeof opened>>) => events.map(({ branch }) => branch);

describe('a stream of the app', () => {
  it('opens with a comment, for the header and not for what stands in the address', async () => {
    const stream = await opened();
    expect(stream.response.status).toBe(200);
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream');
    expect(stream.response.headers.get('access-control-allow-origin')).toBe('*');
    await stream.close();
    const reply = await gateway.call(path);
    expect(reply).toMatchObject({ status: 401, body: { error: 'UNAUTHORIZED' } });
    expect(reply.headers.get('x-insomnia-command')).toContain('/auth/login');
  });

  it.each([OTHER_ORG, 'org_scratchpad'])('is refused for %s', async (org) => {
    const reply = await gateway.app(`/v1/teams/${org}/streams`);
    expect(reply).toMatchObject({ status: 404, body: { error: 'NOT_FOUND' } });
  });

  it('brings what happens, in the app’s words', async () => {
    const stream = await opened();
    audit.add('branch.head.moved', 'dev');
    audit.add('session.started');
    audit.add('file.archived');
    await until(() => stream.events.length === 2);
    expect(stream.events).toEqual([
      { topic: `teams/${ORG}`, type: 'FileChanged', team: ORG, project: PROJECT, file: FILE, branch: 'dev' },
      { topic: `teams/${ORG}`, type: 'FileDeleted', team: ORG, project: PROJECT, file: FILE },
    ]);
    await closed(stream, 3);
  });

  it('opened for the first time brings nothing of before', async () => {
    audit.add('branch.head.moved');
    const stream = await opened();
    audit.add('branch.head.moved', 'dev');
    await until(() => stream.events.length > 0);
    expect(branches(stream)).toEqual(['dev']);
    await closed(stream, 2);
  });

  it('opened again brings what was missed, equal events once, and the next time nothing', async () => {
    const first = await opened();
    audit.add('branch.head.moved', 'seen');
    await until(() => first.events.length === 1);
    await closed(first, 1);
    for (const branch of ['one', 'two', 'one']) audit.add('branch.head.moved', branch);

    const second = await opened();
    await until(() => second.events.length === 2);
    expect(branches(second)).toEqual(['two', 'one']);
    await second.close();

    const third = await opened();
    audit.add('branch.head.moved', 'live');
    await until(() => third.events.length > 0);
    expect(branches(third)).toEqual(['live']);
    await closed(third, 5);
  });

  it('opened beside one that still seems open brings what that was sent just now, once for both', async () => {
    const old = await opened();
    audit.add('branch.head.moved', 'sent');
    await until(() => old.events.length === 1);
    const [second, third] = await Promise.all([opened(), opened()]);
    audit.add('branch.head.moved', 'live');
    await until(() => [old, second, third].every(({ events }) => events.at(-1)?.branch === 'live'));
    const replayed = [second, third].filter(({ events }) => events.length === 2);
    expect(replayed.map(branches)).toEqual([['sent', 'live']]);
    await Promise.all([old, second].map((stream) => stream.close()));
    await closed(third, 2);
  });

  it('has its place by session: another session hears nothing of before', async () => {
    await closed(await opened(), 0);
    audit.add('branch.head.moved', 'missed');
    gateway.become({
      ...ada(),
      ...audit.answers,
      'orgs.authenticate': () => ({ ...authenticated, session: `ses_${'6'.repeat(32)}` }),
    });
    const other = await opened();
    audit.add('branch.head.moved', 'live');
    await until(() => other.events.length > 0);
    expect(branches(other)).toEqual(['live']);
    await other.close();
  });

  it('tells of the new name of an organization that the app does not look at', async () => {
    const elsewhere = new FakeAudit();
    gateway.become({
      ...ada(),
      'orgs.authenticate': () => ({ ...authenticated, organizations: [ORG, OTHER_ORG] }),
      'audit.head': (message: { org: string }, actor) =>
        auditOf(message).answers['audit.head']!(message as never, actor),
      'audit.list-entries': (message: ListEntries, actor) =>
        auditOf(message).answers['audit.list-entries']!(message as never, actor),
      'audit.place': audit.answers['audit.place']!,
      'audit.keep-place': audit.answers['audit.keep-place']!,
    });
    const auditOf = ({ org }: { org: string }) => (org === ORG ? audit : elsewhere);
    const stream = await opened();
    elsewhere.add('branch.head.moved');
    elsewhere.add('organization.renamed');
    await until(() => stream.events.length > 0);
    expect(stream.events).toMatchObject([{ type: 'OrganizationChanged', team: OTHER_ORG }]);
    await stream.close();
  });

  it('reads on through many missed entries', async () => {
    const first = await opened();
    await closed(first, 0);
    for (let i = 0; i < 1_201; i++) audit.add('branch.head.moved', `b${i}`);
    const second = await opened();
    await until(() => second.events.length === 1_201);
    await second.close();
  });

  it('ends with its session, and tells of an organization more before', async () => {
    const stream = await opened();
    gateway.services.answers['orgs.authenticate'] = () => ({
      ...authenticated,
      organizations: [ORG, OTHER_ORG],
    });
    await until(() => stream.events.length === 1);
    expect(stream.events).toEqual([{ topic: `teams/${ORG}`, type: 'OrganizationChanged', team: ORG }]);
    gateway.services.answers['orgs.authenticate'] = nobody;
    await stream.ended;
  }, 30_000);

  it('ends when the organization is no longer to be seen', async () => {
    const stream = await opened();
    gateway.services.answers['orgs.authenticate'] = () => ({ ...authenticated, organizations: [OTHER_ORG] });
    await stream.ended;
  }, 30_000);

  it('stays open when a service is away for a moment', async () => {
    const stream = await opened();
    let refusals = 0;
    gateway.services.answers['orgs.authenticate'] = () => {
      if (refusals++ === 0) throw new DomainError('UNAVAILABLE', 'busy');
      return authenticated;
    };
    await until(() => refusals >= 3);
    audit.add('branch.head.moved', 'live');
    await until(() => stream.events.length > 0);
    await stream.close();
  }, 30_000);

  it('left no token in the log', () => {
    expect(log.some((line) => line.includes(`/v1/teams/${ORG}/streams`))).toBe(true);
    expect(log.filter((line) => line.includes(SESSION) || line.includes(SESSION.slice(5)))).toEqual([]);
  });
});
