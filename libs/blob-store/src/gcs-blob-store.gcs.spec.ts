import { jest } from '@jest/globals';
import { gcsServer, type GcsServer } from '@tidemark/testing';
import { blobStoreChecks, type BlobStoreHarness } from '../test/blob-store.contract.js';
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
});
