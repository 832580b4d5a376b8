import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { temporaryDir } from '../process/temporary-dir.js';
import { chromiumProgram } from './chromium-program.js';

// That the fetched one shows pages is what the browser tier is about.
describe('Chromium', () => {
  it.each(['chromium', 'google-chrome'])('is the %s of the machine if there is one', async (name) => {
    const dir = temporaryDir('chromium');
    const bin = join(dir, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, name), '', { mode: 0o755 });
    const { executablePath, env } = await chromiumProgram({
      env: { PATH: `/nowhere:${bin}` },
      cacheDir: dir,
    });
    expect({ executablePath, env }).toEqual({ executablePath: join(bin, name), env: {} });
    rmSync(dir, { recursive: true });
  });

  it('is missed by name where nothing can fetch it', async () => {
    const dir = temporaryDir('chromium');
    const looked = chromiumProgram({ env: { PATH: dir }, cacheDir: dir });
    await expect(looked).rejects.toMatchObject({
      reason: 'apt-get is needed to fetch Chromium (or put chromium on the PATH)',
    });
    rmSync(dir, { recursive: true });
  });
});
