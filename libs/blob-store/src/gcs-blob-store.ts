import { EventEmitter } from 'node:events';
import { Storage, type Bucket, type File } from '@google-cloud/storage';
import { DomainError, unavailable } from '@tidemark/contracts';
import { packDamaged, packTaken, plainPackName, type BlobStore, type ByteRange } from './blob-store.js';
import { crc32c } from './crc32c.js';
import { readMerged } from './merged-ranges.js';

/** An ordinary pack is smaller than this, so it is one read however many parts are asked for. */
const GAP = 4 * 1024 * 1024;
const LARGEST_SIMPLE_UPLOAD = 8 * 1024 * 1024;

// The client puts eleven listeners on the stream of a large download, which Node would report as a leak each time.
EventEmitter.defaultMaxListeners = Math.max(EventEmitter.defaultMaxListeners, 20);

export interface GcsOptions {
  readonly bucket: string;
  /** Of an emulator; it asks for no credentials. */
  readonly endpoint?: string;
}

/** Packs as objects of a bucket. The client tries again by itself what may be tried again. */
export class GcsBlobStore implements BlobStore {
  readonly #bucket: Bucket;

  constructor({ bucket, endpoint }: GcsOptions) {
    const storage = new Storage({
      // Its own limit is ten minutes; a caller waits 25 seconds.
      retryOptions: { autoRetry: true, totalTimeout: 20, maxRetries: 4, maxRetryDelay: 8 },
      ...(endpoint ? { apiEndpoint: endpoint, projectId: 'emulator', useAuthWithCustomEndpoint: false } : {}),
    });
    this.#bucket = storage.bucket(bucket);
  }

  async put(name: string, bytes: Uint8Array): Promise<void> {
    const file = this.#file(name);
    const content = bufferOf(bytes);
    try {
      // Without the precondition the client would turn off its retries for everything from then on.
      await file.save(content, {
        resumable: content.length > LARGEST_SIMPLE_UPLOAD,
        preconditionOpts: { ifGenerationMatch: 0 },
        validation: 'crc32c',
        gzip: false,
        contentType: 'application/octet-stream',
      });
    } catch (error) {
      if (statusOf(error) !== 412) throw inOurWords(error);
      await sameOrTaken(file, content);
    }
  }

  read(name: string, ranges: readonly ByteRange[]): Promise<Uint8Array[]> {
    return readMerged(ranges, GAP, (range) => this.#part(name, range));
  }

  async readWhole(name: string): Promise<Uint8Array> {
    const file = this.#file(name);
    const [metadata] = await inWords(() => file.getMetadata());
    const bytes = await this.#part(name, { offset: 0, length: Number(metadata.size) });
    if (checksumOf(bytes) !== metadata.crc32c) throw packDamaged();
    return bytes;
  }

  async size(name: string): Promise<number | undefined> {
    const file = this.#file(name);
    try {
      const [{ size }] = await file.getMetadata();
      return Number(size);
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw inOurWords(error);
    }
  }

  async #part(name: string, { offset, length }: ByteRange): Promise<Uint8Array> {
    const bytes = await inWords(async () => {
      const [part] = await this.#file(name).download({
        start: offset,
        end: offset + length - 1,
        validation: false,
      });
      return part;
    });
    if (bytes.length === length) return bytes;
    // A reply that was cut passes; a pack that is too short does not.
    const size = (await this.size(name)) ?? 0;
    throw size >= offset + length ? cannotBeUsed() : packDamaged();
  }

  #file(name: string): File {
    return this.#bucket.file(plainPackName(name));
  }
}

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** A try whose reply was lost has won already when what is there is what was sent. */
async function sameOrTaken(file: File, content: Buffer): Promise<void> {
  const [there] = await inWords(() => file.getMetadata());
  if (Number(there.size) !== content.length || there.crc32c !== checksumOf(content)) throw packTaken();
}

/** As the service writes it. */
function checksumOf(bytes: Uint8Array): string {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32c(bytes));
  return sum.toString('base64');
}

async function inWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw inOurWords(error);
  }
}

const cannotBeUsed = (cause?: unknown) =>
  unavailable('The storage for documents cannot be used right now.', cause);

function inOurWords(error: unknown): unknown {
  if (error instanceof DomainError) return error;
  const status = statusOf(error);
  return status === 404 || status === 416 ? packDamaged(error) : cannotBeUsed(error);
}

function statusOf(error: unknown): number {
  const { code, status } = (error ?? {}) as { code?: unknown; status?: unknown };
  return [code, status].map(Number).find((number) => number >= 400 && number < 600) ?? 0;
}
