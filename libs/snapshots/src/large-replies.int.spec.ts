import { freshDatabase } from '@tidemark/testing';
import { aBlob, aSnapshot, docsOf, startTestService, type Doc } from '../test/service.js';

const MEBIBYTE = 1024 * 1024;

it('large documents are given as long as a reply can hold them, and otherwise refused before anything is read', async () => {
  const service = await startTestService(await freshDatabase());
  const me = service.file();
  const blobs = [
    aBlob(undefined, 31 * MEBIBYTE),
    aBlob(undefined, 31 * MEBIBYTE),
    aBlob(undefined, 3 * MEBIBYTE),
  ];
  for (const blob of blobs) await me.put([blob]);
  await service.hear(await me.push([aSnapshot(docsOf(blobs))]));
  const ids = blobs.map(({ id }) => id);
  const before = service.counters.blobs;
  await expect(me.blobs(ids)).rejects.toMatchObject({
    code: 'TOO_LARGE',
    message: expect.stringContaining('fewer'),
  });
  expect(service.counters.blobs).toBe(before);
  expect(await me.blobs(ids.slice(0, 2))).toHaveLength(2);
  const [large] = await me.blobs([ids[0]!]);
  expect(Buffer.compare(large!.data, blobs[0]!.data)).toBe(0);
  await service.close();
});

it('large snapshots too', async () => {
  const service = await startTestService(await freshDatabase());
  const me = service.file();
  const blob = aBlob();
  await me.put([blob]);
  const name = 'x'.repeat(10_000);
  const docs = (key: string) => Array.from({ length: 3_500 }, (_, i): Doc => [`${key}${i}`, blob.id, name]);
  const first = aSnapshot(docs('a'));
  const second = aSnapshot(docs('b'), { parent: first.id });
  for (const snapshot of [first, second]) await service.hear(await me.push([snapshot]));
  const both = me.snapshots([first.id, second.id]);
  await expect(both).rejects.toMatchObject({ code: 'TOO_LARGE', message: expect.stringContaining('fewer') });
  expect((await me.snapshots([second.id]))[0]!.state.keys).toHaveLength(3_500);
  await service.close();
});
