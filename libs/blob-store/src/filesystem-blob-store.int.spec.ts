import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { blobStoreChecks, type BlobStoreHarness } from '../test/blob-store.contract.js';
import { FilesystemBlobStore } from './filesystem-blob-store.js';
import { openBlobStore } from './open-blob-store.js';

async function harness(): Promise<BlobStoreHarness> {
  const root = await mkdtemp(join(tmpdir(), 'tidemark-blobs-'));
  return {
    open: () => new FilesystemBlobStore(root),
    async generation(name) {
      const { ino, mtimeNs } = await stat(join(root, name), { bigint: true });
      return `${ino} ${mtimeNs}`;
    },
    close: () => rm(root, { recursive: true }),
  };
}

describe('packs in a folder', () => {
  it.each(blobStoreChecks)('$name', ({ run }) => run(harness));

  it('leave nothing else behind', async () => {
    const root = await mkdtemp(join(tmpdir(), 'tidemark-blobs-'));
    const store = await openBlobStore(pathToFileURL(join(root, 'new', 'folder')).href);
    await store.put('ab/cd', Buffer.from('1'));
    await expect(store.put('ab/cd', Buffer.from('2'))).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await readdir(join(root, 'new', 'folder', 'ab'))).toEqual(['cd']);
    await rm(root, { recursive: true });
  });
});
