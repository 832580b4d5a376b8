import type { Bytes } from './bytes.js';
import { E2eeError } from './errors.js';

/** A few kilobytes can unpack to more than any memory holds, and whoever shares a file may have made them. */
export const largestDocument = 256 * 1024 * 1024;

export const gzip = (bytes: Bytes): Promise<Bytes> =>
  collected(streamOf(bytes).pipeThrough(new CompressionStream('gzip')), Infinity);

export async function gunzip(bytes: Bytes, most = largestDocument): Promise<Bytes> {
  try {
    return await collected(streamOf(bytes).pipeThrough(new DecompressionStream('gzip')), most);
  } catch (cause) {
    if (cause instanceof E2eeError) throw cause;
    throw new E2eeError('malformed', 'not gzip', { cause });
  }
}

const streamOf = (bytes: Bytes) =>
  new ReadableStream<Bytes>({
    start(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  });

async function collected(stream: ReadableStream<Uint8Array>, most: number): Promise<Bytes> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = stream.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    length += next.value.length;
    if (length > most) {
      await reader.cancel();
      throw new E2eeError('malformed', 'unpacks to more than a document may have');
    }
    chunks.push(next.value);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
