import { freshDatabase } from '@tidemark/testing';
import { aBlob, aSnapshot, docsOf, newHash, startTestService, type TestService } from '../test/service.js';

describe('a push', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService(await freshDatabase());
  });
  afterAll(() => service.close());

  it('comes back as it went in: documents, their order, what is said of them', async () => {
    const me = service.file();
    const blobs = [aBlob(), aBlob(), aBlob(undefined, 5_000)];
    await me.put(blobs);
    const first = aSnapshot(docsOf(blobs));
    const turned = [...docsOf(blobs)].reverse();
    const second = aSnapshot([...turned, turned[0]!], { parent: first.id, name: '', author: '' });
    await service.hear(await me.push([first, second]));
    const stored = await me.snapshots([second.id, first.id]);
    expect(stored).toEqual([
      { ...second, hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      { ...first, hash: expect.any(String) },
    ]);
    const got = await me.blobs([blobs[2]!.id, blobs[0]!.id, blobs[1]!.id]);
    expect(new Map(got.map((blob) => [blob.id, blob]))).toEqual(
      new Map(blobs.map((blob) => [blob.id, blob])),
    );
  });

  it('is readable at once, although nothing was heard of it yet (R2)', async () => {
    const me = service.file();
    const blobs = [aBlob(), aBlob()];
    await me.put(blobs);
    const first = aSnapshot(docsOf(blobs));
    await me.push([first]);
    const reader = me.colleague();
    expect(await reader.blobs(blobs.map(({ id }) => id))).toHaveLength(2);
    expect(await reader.snapshots([first.id])).toMatchObject([first]);
    const more = aBlob();
    await me.put([more]);
    const second = aSnapshot(docsOf([...blobs, more]), { parent: first.id });
    await me.push([second]);
    expect(await reader.snapshots([second.id])).toMatchObject([second]);
    expect(await reader.blobs([more.id])).toEqual([more]);
    const third = aSnapshot(docsOf([more]), { parent: second.id });
    expect((await reader.stage([third])).snapshots).toMatchObject([third]);
  });

  it('keeps nothing of a snapshot that was staged only: it is absent, and its blobs are', async () => {
    const me = service.file();
    const blob = aBlob();
    await me.put([blob]);
    const snapshot = aSnapshot(docsOf([blob]));
    await me.stage([snapshot]);
    const absent = { code: 'NOT_FOUND', message: expect.stringContaining('invalid access') };
    await expect(me.snapshots([snapshot.id])).rejects.toMatchObject(absent);
    await expect(me.blobs([blob.id])).rejects.toMatchObject(absent);
    await expect(me.snapshots([newHash()])).rejects.toMatchObject(absent);
  });

  it('names the file by its root document', async () => {
    const me = service.file();
    const blob = aBlob();
    await me.put([blob]);
    const { token } = await me.stage([aSnapshot([['wrk_root', blob.id, 'Räder']])]);
    expect(service.tokens.open(token)).toMatchObject({ title: 'Räder', account: me.account });
  });
});
