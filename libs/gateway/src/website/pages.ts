import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, sep } from 'node:path';

export interface PageFile {
  readonly bytes: Buffer;
  readonly type: string;
  readonly etag: string;
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
};

/** Everything that the build left, by its path, read once: no address can lead out of what is not looked up in the file system. */
export function readPages(folder: string): ReadonlyMap<string, PageFile> {
  const files = namesIn(folder).filter((name) => types[extname(name)] !== undefined);
  return new Map(files.map((name) => [name.split(sep).join('/'), fileOf(join(folder, name))]));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch {
    return [];
  }
}

function fileOf(path: string): PageFile {
  const bytes = readFileSync(path);
  const hash = createHash('sha256').update(bytes).digest('base64url').slice(0, 27);
  return { bytes, type: types[extname(path)]!, etag: `"${hash}"` };
}
