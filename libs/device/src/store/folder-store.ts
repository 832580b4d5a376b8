import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Store } from './store.js';

const SAFE = /^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/;
const TEMPORARY = '.new-';

/** Files opened at once: far below what a system allows a process. */
const AT_ONCE = 32;

/** A folder of its own, readable by its owner only: it holds the session and the opened documents. */
export class FolderStore implements Store {
  constructor(private readonly folder: string) {}

  async read(path: string): Promise<string | undefined> {
    return readFile(this.#at(path), 'utf8').catch(absent(undefined));
  }

  async write(path: string, text: string): Promise<void> {
    const file = this.#at(path);
    await this.#put(file, text);
    await flushFolder(dirname(file));
  }

  async writeAll(texts: Iterable<readonly [string, string]>): Promise<void> {
    const waiting = [...texts].map(([path, text]) => ({ file: this.#at(path), text }));
    for (let from = 0; from < waiting.length; from += AT_ONCE)
      await Promise.all(waiting.slice(from, from + AT_ONCE).map(({ file, text }) => this.#put(file, text)));
    for (const folder of new Set(waiting.map(({ file }) => dirname(file)))) await flushFolder(folder);
  }

  async list(path: string): Promise<string[]> {
    const names = await readdir(this.#at(path)).catch(absent<string[]>([]));
    return names.filter((name) => !name.startsWith(TEMPORARY)).sort();
  }

  async remove(path: string): Promise<void> {
    await rm(this.#at(path), { recursive: true, force: true });
    await flushFolder(dirname(this.#at(path))).catch(absent(undefined));
  }

  /** Beside its place first: a rename is done as a whole or not at all. */
  async #put(file: string, text: string): Promise<void> {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const temporary = join(dirname(file), `${TEMPORARY}${randomUUID()}`);
    try {
      const handle = await open(temporary, 'wx', 0o600);
      try {
        await handle.writeFile(text);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, file);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  #at(path: string): string {
    if (!SAFE.test(path)) throw new Error(`${JSON.stringify(path)} is no path of a store.`);
    return join(this.folder, path);
  }
}

/** A rename is kept once its folder is. Windows cannot open folders, and keeps renames without. */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const absent =
  <T>(value: T) =>
  (error: unknown): T => {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return value;
    throw error;
  };
