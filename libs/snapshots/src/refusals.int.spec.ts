import { snapshotMessages } from '@tidemark/contracts';
import { freshDatabase, type TestDatabase } from '@tidemark/testing';
import {
  aBlob,
  aSnapshot,
  docsOf,
  FILE,
  newHash,
  ROOT,
  startTestService,
  type Client,
  type TestService,
} from '../test/service.js';

describe('what is refused', () => {
  let database: TestDatabase;
  let service: TestService;
  let me: Client;
  const [blob, other] = [aBlob(), aBlob()];
  const good = aSnapshot(docsOf([blob]));
  beforeAll(async () => {
    database = await freshDatabase();
    service = await startTestService(database);
    me = service.file();
    await me.put([blob, other]);
  });
  afterAll(() => service.close());

  const kept = async () =>
    (
      await database.asOwner<{ snapshots: number; blobs: number }>(
        `select (select count(*) from snapshots.snapshots)::int as snapshots, (select count(*) from snapshots.blobs)::int as blobs`,
      )
    )[0]!;
  const refusal = (work: Promise<unknown>): Promise<{ code: string; message: string }> =>
    work.then(
      () => ({ code: 'nothing', message: '' }),
      (error: { code: string; message: string }) => error,
    );
  const changed = (change: Record<string, unknown>) => ({ ...good, ...change });
  const withState = (change: Record<string, unknown>) => changed({ state: { ...good.state, ...change } });

  it.each<[string, () => unknown[], string, RegExp]>([
    ['no snapshot at all', () => [], 'INVALID_INPUT', /snapshots/],
    ['what is no snapshot', () => [null], 'INVALID_INPUT', /snapshots\.0/],
    ['too many', () => Array.from({ length: 101 }, () => good), 'INVALID_INPUT', /100/],
    ['an id that is none', () => [changed({ id: 'x' })], 'INVALID_ID', /snapshots\.0\.id/],
    ['a parent that is none', () => [changed({ parent: null })], 'INVALID_ID', /snapshots\.0\.parent/],
    ['a blob id in capitals', () => [withState({ blobs: ['A'.repeat(40)] })], 'INVALID_ID', /blobs\.0/],
    ['no state', () => [changed({ state: null })], 'INVALID_INPUT', /snapshots\.0\.state/],
    ['columns of different length', () => [withState({ names: [] })], 'INVALID_INPUT', /as many/],
    ['a column that is none', () => [withState({ keys: 'k' })], 'INVALID_INPUT', /state/],
    ['a key that is no text', () => [withState({ keys: [1] })], 'INVALID_INPUT', /keys\.0/],
    ['a name that is too long', () => [withState({ names: ['x'.repeat(10_001)] })], 'INVALID_INPUT', /10000/],
    ['an author that is no text', () => [changed({ author: 7 })], 'INVALID_INPUT', /author/],
    ['no time', () => [changed({ created: null })], 'INVALID_INPUT', /created/],
    ['a time of another form', () => [changed({ created: '2026-01-02' })], 'INVALID_INPUT', /created/],
    [
      'the id of another content',
      () => [changed({ id: newHash() })],
      'SNAPSHOT_ID_MISMATCH',
      /snapshots\.0\.id/,
    ],
    [
      'the id of another file',
      () => [aSnapshot(docsOf([blob]), { file: 'prj_x' })],
      'SNAPSHOT_ID_MISMATCH',
      /id/,
    ],
    [
      'one that does not follow the one before',
      () => [good, aSnapshot(docsOf([blob]), { parent: newHash() })],
      'HISTORY_CONFLICT',
      /Remote history conflict/,
    ],
    [
      'a parent that no branch has',
      () => [aSnapshot(docsOf([blob]), { parent: newHash() })],
      'HISTORY_CONFLICT',
      /pull latest/,
    ],
    ['a blob that is not there', () => [aSnapshot(docsOf([blob, aBlob()]))], 'BLOBS_MISSING', /1 of/],
    [
      'more documents than there may be',
      () => [
        withState({
          keys: Array.from({ length: 200_001 }, () => 'k'),
          names: Array.from({ length: 200_001 }, () => ''),
          blobs: Array.from({ length: 200_001 }, () => blob.id),
        }),
      ],
      'TOO_LARGE',
      /200001.*200000/,
    ],
  ])('is %s, and nothing is kept', async (_what, snapshots, code, words) => {
    const before = await kept();
    const { code: got, message } = await refusal(
      me.ask(snapshotMessages.stage, { file: FILE, root: ROOT, snapshots: snapshots() }),
    );
    expect([got, message]).toEqual([code, expect.stringMatching(words)]);
    expect(await kept()).toEqual(before);
  });

  it('is a whole batch when its last snapshot names a blob that is not there; ten of the ids are told', async () => {
    const before = await kept();
    const absent = Array.from({ length: 12 }, () => aBlob());
    const last = aSnapshot(docsOf(absent), { parent: good.id });
    const refused = me.stage([good, last]);
    await expect(refused).rejects.toMatchObject({
      code: 'BLOBS_MISSING',
      details: absent.slice(0, 10).map(({ id }) => ({ id })),
    });
    expect(await kept()).toEqual(before);
  });

  it('is a blob that only somebody else has uploaded (O4)', async () => {
    await expect(me.colleague().stage([good])).rejects.toMatchObject({ code: 'BLOBS_MISSING' });
  });

  it.each<[string, Record<string, unknown>]>([
    ['without id', { id: undefined }],
    ['with a short iv', { iv: new Uint8Array(11) }],
    ['with a long tag', { tag: new Uint8Array(17) }],
    ['without data', { data: new Uint8Array() }],
    ['with text instead of bytes', { data: 'ff' }],
  ])('is an upload %s, with all that came along', async (_what, change) => {
    const before = await kept();
    const upload = me.put([aBlob(), { ...aBlob(), ...change }]);
    await expect(upload).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(await kept()).toEqual(before);
  });

  it.each(Object.values(snapshotMessages))('is %s for a file of another organization', async (pattern) => {
    const fields = { ids: [blob.id], blobs: [blob], file: FILE, root: ROOT, snapshots: [good] };
    for (const org of [undefined, service.file().org]) {
      const { org: _mine, ...actor } = me.actor;
      const asked = me.ask(pattern, fields, org === undefined ? actor : { ...actor, org });
      await expect(asked).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
  });
});
