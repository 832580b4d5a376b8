import { freshDatabase } from '@tidemark/testing';
import { aBlob, aSnapshot, docsOf, startTestService, type Doc, type TestService } from '../test/service.js';

const REPLY_BYTES = 10_000;

describe('what one reply cannot hold', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService(await freshDatabase(), { replyBytes: REPLY_BYTES });
  });
  afterAll(() => service.close());

  const tooMuch = { code: 'TOO_LARGE', message: expect.stringContaining('Ask for fewer') };

  it('is refused before a document is read; one alone is always given', async () => {
    const me = service.file();
    const blobs = [aBlob(undefined, 4_000), aBlob(undefined, 4_000), aBlob(undefined, 12_000)];
    await me.put(blobs);
    await service.hear(await me.push([aSnapshot(docsOf(blobs))]));
    const ids = blobs.map(({ id }) => id);
    const before = service.counters.blobs;
    await expect(me.blobs(ids)).rejects.toMatchObject(tooMuch);
    await expect(me.blobs(ids.slice(1))).rejects.toMatchObject(tooMuch);
    expect(service.counters.blobs).toBe(before);
    expect(await me.blobs(ids.slice(0, 2))).toHaveLength(2);
    expect(await me.blobs([ids[2]!])).toEqual([blobs[2]]);
  });

  it('is refused of snapshots too', async () => {
    const me = service.file();
    const blob = aBlob();
    await me.put([blob]);
    const docs = (key: string) =>
      Array.from({ length: 60 }, (_, i): Doc => [`${key}${i}`, blob.id, 'x'.repeat(50)]);
    const first = aSnapshot(docs('a'));
    const second = aSnapshot(docs('b'), { parent: first.id });
    await service.hear(await me.push([first, second]));
    await expect(me.snapshots([first.id, second.id])).rejects.toMatchObject(tooMuch);
    expect(await me.snapshots([second.id])).toMatchObject([second]);
    // The same one twice is one.
    expect(await me.snapshots([second.id, second.id])).toHaveLength(2);
  });
});
