import { startGcs, temporaryDir } from '@tidemark/backing';
import { rm } from 'node:fs/promises';

export interface GcsServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** The emulator on loopback, with one bucket. */
export async function gcsServer(bucket: string): Promise<GcsServer> {
  const dataDir = temporaryDir('gcs');
  const running = await startGcs({ dataDir, env: process.env });
  const reply = await fetch(`${running.url}/storage/v1/b?project=p`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: bucket }),
  });
  if (!reply.ok) throw new Error(`no bucket was made: ${reply.status}`);
  return {
    url: running.url,
    async stop() {
      await running.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
