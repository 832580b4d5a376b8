import { jest } from '@jest/globals';
import { Http, openStream, type InsomniaDoor, type OpenStream, type StreamEvent } from '@tidemark/device';
import { names, person, request, rootOf, shared, type Person } from './support/people.js';
import { until } from './support/until.js';

/** Whatever a test that fails leaves open would keep the whole run from ending. */
const open = new Set<{ close(): Promise<void> } | { stop(): Promise<void> }>();
afterEach(async () => {
  for (const each of open) await ('stop' in each ? each.stop() : each.close());
  open.clear();
});

/** One stream and what it has said; opened again when the server lets go of it, as the app does. */
class Listener {
  readonly heard: StreamEvent[] = [];
  reopened = 0;
  #stream: OpenStream | undefined;
  #closed = false;

  private constructor(
    private readonly door: InsomniaDoor,
    private readonly org: string,
  ) {}

  static async open(door: InsomniaDoor, org: string): Promise<Listener> {
    const listener = new Listener(door, org);
    await listener.#open();
    open.add(listener);
    return listener;
  }

  async close(): Promise<void> {
    open.delete(this);
    this.#closed = true;
    this.#stream?.close();
    await this.#stream?.ended;
  }

  types = (): string[] => this.heard.map(({ type }) => type);

  async #open(): Promise<void> {
    const stream = await openStream(this.door, this.org, (event) => this.heard.push(event));
    this.#stream = stream;
    if (this.#closed) stream.close();
    void stream.ended.then(() => this.#again());
  }

  async #again(): Promise<void> {
    if (this.#closed) return;
    this.reopened++;
    await new Promise((resolve) => setTimeout(resolve, 200));
    if (!this.#closed) await this.#open().catch(() => this.#again());
  }
}

const kinds = (events: readonly StreamEvent[]) => events.map(({ type, file }) => `${type} ${file}`).sort();

describe('the stream', () => {
  let ada: Person;
  beforeEach(async () => (ada = await person()));

  const push = async (file: Awaited<ReturnType<typeof shared>>[number], n: number) => {
    await file.put(request(n, `Change ${n}`, await rootOf(file)));
    await file.commit(`Change ${n}`);
    await file.push();
  };
  /** Waits until the audit, which feeds the streams, knows of so many pushes. */
  const moves = (org: string, token: string, count: number) =>
    until(
      async () => {
        const headers = { authorization: `Bearer ${token}` };
        const { body } = await new Http(ada.url).ask(`/api/v1/organizations/${org}/audit?limit=200`, {
          headers,
        });
        const { items } = body as { items: { action: string }[] };
        return items.filter(({ action }) => action === 'branch.head.moved').length;
      },
      (found) => found >= count,
    );

  it('16: dropped, two files change, reopened: two events, once; reopened again or opened anew: nothing', async () => {
    const { org } = ada.place;
    const [looking, working, third] = [await ada.device(), await ada.device(), await ada.device()];
    const files = [...(await shared(ada, 'One', working)), ...(await shared(ada, 'Two', working))];
    const door = ada.door(looking);
    const fence = async (listeners: Listener[], n: number) => {
      await push(files[0]!, n);
      for (const { heard } of listeners)
        await until(
          async () => heard,
          (events) => events.some((event) => event['file'] === files[0]!.id),
        );
    };
    // What happened before a stream was opened may reach the audit, and so the stream, a moment later.
    const pushed = await moves(org, working.session!.id, 2);
    expect(pushed).toBe(2);
    const first = await Listener.open(door, org);
    await fence([first], 2);
    expect(kinds(first.heard)).toEqual([`FileChanged ${files[0]!.id}`]);
    expect(first.heard[0]).toMatchObject({ team: org, project: ada.place.project, branch: 'master' });
    await first.close();

    for (const file of files) await push(file, 3);
    await moves(org, looking.session!.id, pushed + 3);
    const again = await Listener.open(door, org);
    await until(
      async () => again.heard,
      (events) => events.length >= 2,
    );
    expect(kinds(again.heard)).toEqual(files.map(({ id }) => `FileChanged ${id}`).sort());
    await again.close();

    const listeners = [await Listener.open(door, org), await Listener.open(ada.door(third), org)];
    await fence(listeners, 4);
    for (const { heard } of listeners) expect(kinds(heard)).toEqual([`FileChanged ${files[0]!.id}`]);
    for (const listener of listeners) await listener.close();
  });

  it('tells of files made, branches and files removed, and of projects', async () => {
    const { org } = ada.place;
    const [looking, working] = [await ada.device(), await ada.device()];
    const listener = await Listener.open(ada.door(looking), org);
    const [file] = await shared(ada, 'Told', working);
    await file!.fork('told');
    await file!.checkout('told');
    await file!.push();
    await file!.checkout('master');
    await file!.removeBranch('told');
    await file!.archive();
    const project = await working.createTeamProject(org, 'Told of');
    await until(
      async () => listener.types(),
      (types) => types.includes('TeamProjectChanged') && types.includes('FileDeleted'),
    );
    const of = (type: string) => listener.heard.filter((event) => event.type === type);
    const place = { team: org, project: ada.place.project, file: file!.id };
    expect(of('FileChanged')).toEqual(
      expect.arrayContaining([expect.objectContaining({ ...place, branch: 'told' })]),
    );
    expect(of('BranchDeleted')).toEqual([expect.objectContaining({ ...place, branch: 'told' })]);
    expect(of('FileDeleted')).toEqual([expect.objectContaining(place)]);
    expect(of('TeamProjectChanged')).toEqual([expect.objectContaining({ team: org, project: project.id })]);
    await listener.close();
  });

  it('brings what another device pushes to a device that follows it, and its state says so', async () => {
    const [following, working] = [await ada.device(), await ada.device()];
    const [theirs, mine] = await shared(ada, 'Followed', working, following);
    const follower = following.follow(ada.place.org, { againMs: 50 });
    open.add(follower);
    await follower.opened;
    await push(theirs!, 2);
    await until(
      async () => names(mine!),
      (all) => all.includes('Change 2'),
    );
    const [fresh] = await shared(ada, 'New elsewhere', working);
    await until(
      async () => (await following.files()).map(({ id }) => id),
      (ids) => ids.includes(fresh!.id),
    );
    await until(
      async () => following.state.is,
      (is) => is === 'synced',
    );
    await fresh!.archive();
    await until(
      async () => following.file(fresh!.id).state,
      (state) => state.is === 'error' && state.code === 'NOT_FOUND',
    );
    await follower.stop();
  });

  it('is closed to who may not look, and ends with its session', async () => {
    const device = await ada.device();
    const stranger = await person('Eve');
    const eve = stranger.door(await stranger.device());
    await expect(Listener.open(eve, ada.place.org)).rejects.toMatchObject({ code: 'NOT_FOUND', status: 404 });
    await expect(Listener.open(eve, 'org_scratchpad')).rejects.toMatchObject({
      code: 'NOT_FOUND',
      status: 404,
    });
    const follower = device.follow(ada.place.org, { againMs: 50 });
    open.add(follower);
    await follower.opened;
    const { items } = await ada.account.sessions();
    await ada.account.endSession(items.find(({ kind }) => kind === 'app')!.id);
    await until(
      async () => device.state,
      (state) => state.is === 'offline' && state.why === 'not signed in',
    );
    await follower.stop();
  });
});

const ORGANIZATIONS = 167;
const AT_ONCE = 16;

describe('five hundred streams', () => {
  jest.setTimeout(180_000);

  it('are each told once what they missed, and nothing for connecting', async () => {
    const ada = await person();
    const maker = await ada.device();
    const headers = { authorization: `Bearer ${maker.session!.id}` };
    const orgs = await inTurns(
      Array.from({ length: ORGANIZATIONS }, (_, n) => n),
      async (n) => {
        const { body } = await new Http(ada.url).ask('/api/v1/organizations', {
          method: 'POST',
          headers,
          body: { name: `Organization ${n}` },
        });
        return (body as { id: string }).id;
      },
    );
    // Sessions that begin now know of all the organizations; an older one would rightly be told that they became more.
    await until(
      async () => (await new Http(ada.url).ask('/api/v1/organizations?limit=200', { headers })).body,
      (body) => (body as { items: unknown[] }).items.length > ORGANIZATIONS,
    );
    await maker.signOut();
    const devices = [await ada.device(), await ada.device(), await ada.device()];
    const doors = devices.map((device) => ada.door(device));
    const pairs = orgs.flatMap((org) => doors.map((door) => ({ org, door })));
    const openAll = () => inTurns(pairs, ({ org, door }) => Listener.open(door, org));
    const closeAll = (all: Listener[]) => Promise.all(all.map((listener) => listener.close()));
    const projects = (name: string) =>
      inTurns(orgs, async (org) => [org, (await devices[0]!.createTeamProject(org, name)).id] as const).then(
        (made) => new Map(made),
      );
    const all = (listeners: Listener[], project: Map<string, string>) =>
      until(
        async () =>
          listeners.filter(
            ({ heard }, n) => !heard.some((event) => event.project === project.get(pairs[n]!.org)),
          ).length,
        (waiting) => waiting === 0,
      );
    const told = (listeners: Listener[]) =>
      listeners.map(({ heard }) => heard.map(({ project }) => project).join());
    const wanted = (...made: Map<string, string>[]) =>
      pairs.map(({ org }) => made.map((project) => project.get(org)).join());

    let reopened = 0;
    const closed = async (all: Listener[]) => {
      reopened += all.reduce((sum, listener) => sum + listener.reopened, 0);
      await closeAll(all);
    };
    // What happened before a stream was opened may reach the audit, and so the stream, a moment later.
    await audited(ada.url, doors[0]!, devices[0]!.session!.id, orgs);
    let listeners = await openAll();
    const live = await projects('Live');
    await all(listeners, live);
    const connecting = differences(told(listeners), wanted(live));
    await closed(listeners);

    const missed = await projects('Missed');
    await audited(ada.url, doors[0]!, devices[0]!.session!.id, orgs);
    listeners = await openAll();
    const after = await projects('After');
    await all(listeners, after);
    const replayed = differences(told(listeners), wanted(missed, after));
    await closed(listeners);

    listeners = await openAll();
    const last = await projects('Last');
    await all(listeners, last);
    const again = differences(told(listeners), wanted(last));
    await closed(listeners);
    console.log(
      `GATE R41 streams=${pairs.length} missed=${pairs.length} not-once=${replayed} for-connecting=${connecting + again} reopened=${reopened}`,
    );
    expect({ connecting, replayed, again }).toEqual({ connecting: 0, replayed: 0, again: 0 });
  });
});

const differences = (found: string[], wanted: string[]): number =>
  found.filter((text, n) => text !== wanted[n]).length;

/** Until the audit, which feeds the streams, knows of all projects that there are. */
async function audited(
  url: string,
  door: InsomniaDoor,
  token: string,
  orgs: readonly string[],
): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  const created = async (org: string) => {
    const { body } = await new Http(url).ask(`/api/v1/organizations/${org}/audit?limit=200`, { headers });
    const { items } = body as { items: { action: string }[] };
    return items.filter(({ action }) => action === 'project.created').length;
  };
  await inTurns(orgs, async (org) => {
    const { data } = await door.rest<{ data: unknown[] }>(`/v1/organizations/${org}/team-projects`);
    await until(
      () => created(org),
      (count) => count >= data.length,
    );
  });
}

async function inTurns<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE)
    results.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(work))));
  return results;
}
