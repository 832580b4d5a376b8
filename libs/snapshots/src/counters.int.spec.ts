import type { ClaimedSnapshot } from '@tidemark/contracts';
import { freshDatabase } from '@tidemark/testing';
import {
  aBlob,
  aSnapshot,
  docsOf,
  startTestService,
  type Client,
  type Counters,
  type TestService,
} from '../test/service.js';

describe('what a request costs', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService(await freshDatabase());
  });
  afterAll(() => service.close());

  async function counted(work: () => Promise<unknown>): Promise<Counters> {
    const before = { ...service.counters };
    await work();
    return { sql: service.counters.sql - before.sql, blobs: service.counters.blobs - before.blobs };
  }

  /** A file whose key is made and which has a first snapshot, so that the next push is an ordinary one. */
  async function usedFile(): Promise<{ me: Client; parent: string }> {
    const me = service.file();
    const blob = aBlob();
    await me.put([blob]);
    const snapshot = aSnapshot(docsOf([blob]));
    await service.hear(await me.push([snapshot]));
    return { me, parent: snapshot.id };
  }

  async function lifeOf(objects: number): Promise<Record<string, Counters>> {
    const { me, parent } = await usedFile();
    const blobs = Array.from({ length: objects }, () => aBlob());
    const ids = blobs.map(({ id }) => id);
    const snapshot = aSnapshot(docsOf(blobs), { parent });
    const costs: Record<string, Counters> = {};
    costs['missing-blobs'] = await counted(() => me.missing(ids));
    costs['put-blobs'] = await counted(() => me.put(blobs));
    costs['stage'] = await counted(() => me.stage([snapshot]));
    const event = await me.push([snapshot]);
    costs['accept'] = await counted(() => service.hear(event));
    costs['get'] = await counted(() => me.snapshots([snapshot.id]));
    costs['get-blobs'] = await counted(() => me.blobs(ids));
    return costs;
  }

  it('is the same for one object as for a thousand', async () => {
    const [one, thousand] = [await lifeOf(1), await lifeOf(1_000)];
    const told = [one, thousand].flatMap((all, i) =>
      Object.entries(all).map(([kind, costs]) => ({ kind, costs, objects: i === 0 ? 1 : 1_000 })),
    );
    for (const { kind, costs, objects } of told)
      console.log(`COUNT ${kind} sql=${costs.sql} blobs=${costs.blobs} objects=${objects}`);
    expect(thousand).toEqual(one);
    expect(one).toEqual({
      'missing-blobs': { sql: 1, blobs: 0 },
      'put-blobs': { sql: 2, blobs: 1 },
      stage: { sql: 3, blobs: 0 },
      accept: { sql: 1, blobs: 0 },
      get: { sql: 1, blobs: 0 },
      'get-blobs': { sql: 1, blobs: 1 },
    });
  });

  it('is the same for twenty snapshots as for one, also when they are read before anything was heard', async () => {
    const history = async (length: number) => {
      const { me, parent } = await usedFile();
      const blobs = Array.from({ length }, () => aBlob());
      await me.put(blobs);
      const snapshots: ClaimedSnapshot[] = [];
      for (let i = 0; i < length; i++)
        snapshots.push(aSnapshot(docsOf(blobs.slice(0, i + 1)), { parent: snapshots.at(-1)?.id ?? parent }));
      const staged = await counted(() => me.push(snapshots));
      const ids = snapshots.map(({ id }) => id);
      return {
        staged,
        settled: await counted(() => me.snapshots(ids)),
        read: await counted(() => me.snapshots(ids)),
      };
    };
    const [one, twenty] = [await history(1), await history(20)];
    expect(twenty).toEqual(one);
    expect(one.settled).toEqual({ sql: 4, blobs: 0 });
    expect(one.read).toEqual({ sql: 1, blobs: 0 });
  });

  it('reads each pack once', async () => {
    const { me, parent } = await usedFile();
    const packs = Array.from({ length: 3 }, () => Array.from({ length: 5 }, () => aBlob()));
    for (const blobs of packs) await me.put(blobs);
    const snapshot = aSnapshot(docsOf(packs.flat()), { parent });
    await service.hear(await me.push([snapshot]));
    const ids = packs.flat().map(({ id }) => id);
    expect(await counted(() => me.blobs(ids))).toEqual({ sql: 1, blobs: 3 });
  });
});
