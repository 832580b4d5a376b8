import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { codeOf } from '@tidemark/runtime';
import { packTaken, plainPackName, type BlobStore, type ByteRange } from './blob-store.js';
import { inOurWords } from './filesystem-errors.js';
import { readMerged } from './merged-ranges.js';

/** A seek on a disk costs as much as reading this far. */
const GAP = 64 * 1024;

/** Packs as files of a folder that all replicas share. Whoever has a name sees the whole pack or none. */
export class FilesystemBlobStore implements BlobStore {
  /** Folders of which those above them are known to know. */
  readonly #kept = new Set<string>();

  private readonly root: string;

  constructor(root: string) {
    this.root = resolve(root);
  }

  async put(name: string, bytes: Uint8Array): Promise<void> {
    const place = this.#place(name);
    await inWords(async () => {
      await this.#keepFolder(dirname(place));
      const temporary = `${place}.${randomBytes(8).toString('hex')}.part`;
      try {
        await writtenThrough(temporary, bytes);
        await linkedOnce(temporary, place, bytes);
      } finally {
        await rm(temporary, { force: true });
      }
      await synced(dirname(place));
    });
  }

  read(name: string, ranges: readonly ByteRange[]): Promise<Uint8Array[]> {
    return inWords(async () => {
      const file = await open(this.#place(name));
      try {
        return await readMerged(ranges, GAP, async ({ offset, length }) => {
          const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, offset);
          return buffer.subarray(0, bytesRead);
        });
      } finally {
        await file.close();
      }
    });
  }

  readWhole(name: string): Promise<Uint8Array> {
    return inWords(async () => readFile(this.#place(name)));
  }

  async size(name: string): Promise<number | undefined> {
    try {
      return (await stat(this.#place(name))).size;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw inOurWords(error);
    }
  }

  /** A folder that somebody has just made may be gone after a power cut, whoever it was. */
  async #keepFolder(folder: string): Promise<void> {
    if (this.#kept.has(folder)) return;
    await mkdir(folder, { recursive: true, mode: 0o750 });
    for (let at = folder; at.length >= this.root.length; at = dirname(at)) await synced(dirname(at));
    this.#kept.add(folder);
  }

  #place(name: string): string {
    return join(this.root, plainPackName(name));
  }
}

async function writtenThrough(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o640);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A link, because a rename would replace what is there. */
async function linkedOnce(from: string, to: string, bytes: Uint8Array): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    if (!(await readFile(to)).equals(bytes)) throw packTaken();
  }
}

async function synced(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function inWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw inOurWords(error);
  }
}
