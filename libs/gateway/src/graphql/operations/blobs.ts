import { DomainError, snapshotMessages, type SealedBlob } from '@tidemark/contracts';
import type { Call } from '../call.js';
import { changeFile, nameOf, onFile, refuseAbsent } from '../files.js';
import { inParts } from './in-parts.js';
import { sealedBlob, sealedText } from './sealed-texts.js';

interface IdsOfFile {
  readonly project: string;
  readonly ids: readonly string[];
}

/** Written as digits they are twice as long, and no text in this process is longer than half a gigabyte. */
const MOST_BYTES = 240 * 1024 * 1024;

const tooMuch = (bytes: number) =>
  new DomainError(
    'TOO_LARGE',
    `These documents have ${bytes} bytes or more together; ${MOST_BYTES} is the limit of one answer.`,
  );

/** All of them or an error: the app deletes what an answer leaves out (obligation O8). */
export const blobs = ({ project: id, ids }: IdsOfFile, call: Call) =>
  onFile(
    call,
    id,
    async (file) => {
      const parts = inParts([...new Set(ids)], (some) =>
        call.send<SealedBlob[]>(snapshotMessages.getBlobs, { ...nameOf(file), ids: some }, file.org),
      );
      const found: SealedBlob[] = [];
      let bytes = 0;
      for await (const part of parts) {
        bytes += part.reduce((sum, { data }) => sum + data.length, 0);
        if (bytes > MOST_BYTES) throw tooMuch(bytes);
        found.push(...part);
      }
      return found.map((blob) => ({ id: blob.id, content: sealedText(blob) }));
    },
    refuseAbsent,
  );

export const blobsMissing = ({ project: id, ids }: IdsOfFile, call: Call) =>
  onFile<{ missing: readonly string[] }>(
    call,
    id,
    (file) => call.send(snapshotMessages.missingBlobs, { ...nameOf(file), ids }, file.org),
    () => ({ missing: ids }),
  );

interface BlobsCreateArgs {
  readonly project: string;
  readonly blobs: readonly { readonly id: string; readonly content: string }[];
}

export const blobsCreate = ({ project: id, blobs: texts }: BlobsCreateArgs, call: Call) =>
  changeFile(
    call,
    id,
    async (file) => {
      const sealed = texts.map((text) => sealedBlob(text.id, text.content));
      if (sealed.length > 0)
        await call.send(snapshotMessages.putBlobs, { ...nameOf(file), blobs: sealed }, file.org);
      return { count: sealed.length };
    },
    refuseAbsent,
  );
