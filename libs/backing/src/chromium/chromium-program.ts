import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultCacheDir, fetchedOnce } from '../fetch/cache.js';
import { debianLibraries, unpackDebian } from '../fetch/debian.js';
import { isRoot } from '../process/folders.js';
import { type Env, onPath, run } from '../process/run.js';
import type { LookUp } from '../provide.js';

export interface ChromiumProgram {
  executablePath: string;
  /** To be set besides the environment it is started in. */
  env: Record<string, string>;
  /** Its own sandbox refuses to run as root. */
  args: string[];
}

const ownNames = ['chromium', 'chromium-headless-shell', 'chromium-browser', 'google-chrome'];
const purpose = 'to fetch Chromium (or put chromium on the PATH)';

/** The machine's Chromium, else Debian's headless one with fonts of its own, unpacked into the cache. */
export async function chromiumProgram({ env, cacheDir }: LookUp): Promise<ChromiumProgram> {
  const args = isRoot() ? ['--no-sandbox'] : [];
  const own = ownNames.map((name) => onPath(name, env)).find((path) => path !== undefined);
  if (own) return { executablePath: own, env: {}, args };
  const cache = cacheDir ?? defaultCacheDir(env, isRoot());
  return { ...unpacked(await fetchedOnce(cache, 'chromium', (dir) => fetchChromium(dir, env))), args };
}

const unpacked = (dir: string) => ({
  executablePath: join(dir, 'usr', 'lib', 'chromium', 'chromium-headless-shell'),
  env: { LD_LIBRARY_PATH: debianLibraries(dir), FONTCONFIG_FILE: join(dir, 'fonts.conf') },
});

async function fetchChromium(dir: string, env: Env): Promise<void> {
  const names = ['chromium-headless-shell', 'fonts-inter', 'fonts-dejavu-core'];
  await unpackDebian(dir, { names, purpose, env });
  writeFileSync(join(dir, 'fonts.conf'), fonts);
  const { executablePath, env: own } = unpacked(dir);
  const all = { ...env, ...own };
  await run(executablePath, ['--no-sandbox', '--version'], { env: all, purpose: 'after it was unpacked' });
}

// The first is relative to this file, so that the folder may get its name after it was made; fonts that the machine has
// were not fetched again.
const fonts = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">usr/share/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
  <alias><family>system-ui</family><prefer><family>Inter</family></prefer></alias>
  <alias><family>sans-serif</family><prefer><family>Inter</family></prefer></alias>
  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
</fontconfig>
`;
