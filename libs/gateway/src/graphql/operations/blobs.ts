import { snapshotMessages, type SealedBlob } from '@tidemark/contracts';
import type { Call } from '../call.js';
import { changeFile, nameOf, onFile, refuseAbsent } from '../files.js';
import { sealedBlob, sealedText } from './sealed-texts.js';

interface IdsOfFile {
  readonly project: string;
  readonly ids: readonly string[];
}

/** All of them or an error: the app deletes what an answer leaves out (obligation O8). */
export const blobs = ({ project: id, ids }: IdsOfFile, call: Call) =>
  onFile(
    call,
    id,
    async (file) => {
      const message = { ...nameOf(file), ids: [...new Set(ids)] };
      const found = await call.send<SealedBlob[]>(snapshotMessages.getBlobs, message, file.org);
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
