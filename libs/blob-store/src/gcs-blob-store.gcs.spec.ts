import { randomBytes } from 'node:crypto';
import { jest } from '@jest/globals';
import { gcsServer, type GcsServer } from '@tidemark/testing';
import { blobStoreChecks, type BlobStoreHarness } from '../test/blob-store.contract.js';
import { MeddlingBucket, type Meddle } from '../test/meddling-bucket.js';
import { GcsBlobStore } from './gcs-blob-store.js';

jest.setTimeout(600_000); // with a cold cache the emulator is built first

describe('packs in a bucket', () => {
  let server: GcsServer;
  beforeAll(async () => {
    server = await gcsServer('packs');
  });
  afterAll(() => server.stop());

  const harness = async (): Promise<BlobStoreHarness> => ({
    open: () => new GcsBlobStore({ bucket: 'packs', endpoint: server.url }),
    async generation(name) {
      const reply = await fetch(`${server.url}/storage/v1/b/packs/o/${encodeURIComponent(name)}`);
      return ((await reply.json()) as { generation: string }).generation;
    },
    close: async () => undefined,
  });

  it.each(blobStoreChecks)('$name', ({ run }) => run(harness));

  describe('behind a network that fails', () => {
    const pack = randomBytes(50_000);
    const range = { offset: 10_000, length: 20_000 };
    let bucket: MeddlingBucket;
    let store: GcsBlobStore;
    beforeAll(async () => {
      bucket = new MeddlingBucket(server.url);
      store = new GcsBlobStore({ bucket: 'packs', endpoint: await bucket.start() });
    });
    afterAll(() => bucket.stop());
    afterEach(() => {
      bucket.meddle = (_request, answer) => answer;
      bucket.seen.length = 0;
    });

    const isUpload = ({ method }: { method?: string | undefined }) => method === 'POST';
    const stored = (name: string) =>
      new GcsBlobStore({ bucket: 'packs', endpoint: server.url }).readWhole(name);

    it.each([503, 500, 429])('keeps a pack whose first upload was stored and answered %i', async (status) => {
      let first = true;
      bucket.meddle = (request, answer) => {
        if (!isUpload(request) || !first) return answer;
        first = false;
        return { status, headers: { 'content-type': 'application/json' }, body: Buffer.from('{}') };
      };
      await store.put(`f1/${status}`, pack);
      expect(bucket.seen.filter((seen) => seen.startsWith('POST'))).toHaveLength(2);
      expect(
        bucket.seen.every((seen) => !seen.startsWith('POST') || seen.includes('ifGenerationMatch=0')),
      ).toBe(true);
      expect(Buffer.compare(Buffer.from(await stored(`f1/${status}`)), pack)).toBe(0);
    });

    it('refuses a pack that the bucket does not take, and says that nothing was saved', async () => {
      bucket.meddle = (_request, answer) => ({ ...answer, status: 403, body: Buffer.from('{}') });
      await expect(store.put('f2/1', pack)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    });

    it.each<[string, Meddle]>([
      ['ends in the middle', (request, answer) => (request.url!.includes('alt=media') ? 'cut' : answer)],
      [
        'is shorter than asked',
        (request, answer) =>
          request.url!.includes('alt=media') ? { ...answer, body: answer.body.subarray(1) } : answer,
      ],
    ])('makes up nothing for an answer that %s: it is UNAVAILABLE', async (what, meddle) => {
      const name = `f3/${what.length}`;
      await store.put(name, pack);
      bucket.meddle = meddle;
      await expect(store.read(name, [range])).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      bucket.meddle = (_request, answer) => answer;
      expect(await store.read(name, [range])).toHaveLength(1);
    });

    it('finds an object that was changed behind its back, by its length or its checksum', async () => {
      await store.put('f4/1', pack);
      bucket.meddle = (request, answer) => {
        const damaged = Buffer.from(answer.body);
        if (request.url!.includes('alt=media')) damaged[100]! ^= 1;
        return { ...answer, body: damaged };
      };
      await expect(store.readWhole('f4/1')).rejects.toMatchObject({ code: 'INTEGRITY' });
    });
  });
});
