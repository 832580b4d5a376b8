import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { temporaryDir } from '../process/temporary-dir.js';
import { chromiumProgram } from './chromium-program.js';

jest.setTimeout(300_000); // with a cold cache it is fetched first

let dir: string;

beforeEach(() => {
  dir = temporaryDir('chromium');
});

afterEach(() => rmSync(dir, { recursive: true }));

describe('Chromium', () => {
  it('shows a page', async () => {
    const { executablePath, args, env } = await chromiumProgram({ env: process.env });
    const page = join(dir, 'page.html');
    writeFileSync(page, '<p>high tide</p><script>document.body.append(6 * 7)</script>');
    const options = ['--headless', '--disable-gpu', `--user-data-dir=${join(dir, 'profile')}`, '--dump-dom'];
    const shown = execFileSync(executablePath, [...args, ...options, `file://${page}`], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    expect(shown.toString()).toContain('<p>high tide</p><script>document.body.append(6 * 7)</script>42');
  });

  it('is the one of the machine if there is one', async () => {
    const bin = join(dir, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'chromium'), '', { mode: 0o755 });
    const { executablePath } = await chromiumProgram({ env: { PATH: `/nowhere:${bin}` }, cacheDir: dir });
    expect(executablePath).toBe(join(bin, 'chromium'));
  });
});
