import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BackingMissing } from '@tidemark/backing';
import type { Logger } from '@tidemark/runtime';
import type { Fleet } from './fleet.js';

const BUCKET = 'tidemark';

/** Where blobs go: the URL that was given, else a bucket of an emulator; where that cannot be had, a folder. */
export async function blobsUrl(
  fleet: Fleet,
  given: string | undefined,
  dataDir: string,
  logger: Logger,
): Promise<string> {
  if (given !== undefined) return given;
  try {
    const { url } = await fleet.backing('gcs');
    await makeBucket(url);
    return `gs://${BUCKET}?endpoint=${url}`;
  } catch (error) {
    if (!(error instanceof BackingMissing)) throw error;
    const folder = join(dataDir, 'blobs');
    logger.warn({ reason: error.reason, folder }, 'no GCS emulator here; blobs go into a folder');
    return pathToFileURL(folder).href;
  }
}

/** One that is there already is the one of an earlier start. */
async function makeBucket(api: string): Promise<void> {
  const reply = await fetch(`${api}/storage/v1/b?project=tidemark`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: BUCKET }),
  });
  await reply.body?.cancel();
  if (!reply.ok && reply.status !== 409)
    throw new Error(`The GCS emulator made no bucket: it answered ${reply.status}.`);
}
