import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ends, holder } from '../../test/processes.js';
import { freePort } from '../process/ports.js';
import { temporaryDir } from '../process/temporary-dir.js';
import { startGcs } from './gcs.js';

jest.setTimeout(600_000); // with a cold cache it is built first

let dir: string;

beforeEach(() => {
  dir = temporaryDir('gcs');
});

afterEach(() => rmSync(dir, { recursive: true }));

const post = (url: string, body: string): Promise<Response> =>
  fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } });

describe('the GCS emulator', () => {
  it('keeps objects over kill -9 and comes back on its port', async () => {
    const port = await freePort();
    const first = await startGcs({ dataDir: dir, port });
    await post(`${first.url}/storage/v1/b?project=p`, JSON.stringify({ name: 'packs' }));
    const upload = `${first.url}/upload/storage/v1/b/packs/o?uploadType=media&name=one`;
    expect((await post(upload, '"kept"')).status).toBe(200);
    first.kill('SIGKILL');
    await first.exited;

    const second = await startGcs({ dataDir: dir, port });
    expect(second.url).toBe(first.url);
    const read = await fetch(`${second.url}/storage/v1/b/packs/o/one?alt=media`);
    expect(await read.text()).toBe('"kept"');
    await second.stop();
  });

  it('says when its port is taken', async () => {
    const first = await startGcs({ dataDir: dir });
    const second = startGcs({ dataDir: `${dir}/second`, port: Number(new URL(first.url).port) });
    await expect(second).rejects.toMatchObject({ kind: 'port-taken' });
    await first.stop();
  });

  it('ends after kill -9 of the process that started it', async () => {
    const { said, kill9 } = await holder('gcs', { dataDir: dir });
    await kill9();
    expect(await ends(said.pid)).toBe(true);
  });
});
