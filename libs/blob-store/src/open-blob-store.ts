import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { messageOf, StartError } from '@tidemark/runtime';
import type { BlobStore } from './blob-store.js';
import { FilesystemBlobStore } from './filesystem-blob-store.js';

/**
 * `file:///folder`, made if it is missing, or `gs://bucket`, which must be there. `?endpoint=http://…` behind a bucket
 * names an emulator.
 */
export async function openBlobStore(url: string): Promise<BlobStore> {
  const parsed = new URL(url);
  if (parsed.protocol === 'file:') return openFolder(url);
  if (parsed.protocol !== 'gs:' || !parsed.hostname)
    throw new StartError('configuration', 'TIDEMARK_BLOBS_URL must be file:///folder or gs://bucket.');
  // Loaded only where it is used: it is large.
  const { GcsBlobStore } = await import('./gcs-blob-store.js');
  const endpoint = parsed.searchParams.get('endpoint');
  return new GcsBlobStore({ bucket: parsed.hostname, ...(endpoint ? { endpoint } : {}) });
}

async function openFolder(url: string): Promise<BlobStore> {
  const folder = fileURLToPath(url);
  try {
    await mkdir(folder, { recursive: true, mode: 0o750 });
  } catch (error) {
    throw new StartError('configuration', `TIDEMARK_BLOBS_URL cannot be used: ${messageOf(error)}`);
  }
  return new FilesystemBlobStore(folder);
}
