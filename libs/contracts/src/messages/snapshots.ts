import { ValidateBy } from 'class-validator';
import { IsFileId, IsListOf, IsPlainText, isHash } from './fields.js';
import { OfFile } from './branches.js';

export const snapshotMessages = {
  missingBlobs: 'snapshots.missing-blobs',
  putBlobs: 'snapshots.put-blobs',
  getBlobs: 'snapshots.get-blobs',
  stage: 'snapshots.stage',
  get: 'snapshots.get',
} as const;

/** Which of these blobs are neither claimed in the file nor uploaded to it by the actor. */
export class FindMissingBlobs extends OfFile {
  @IsListOf(isHash, 2_000_000, 'blob ids')
  readonly ids!: readonly string[];
}

/** A sealed document, as bytes instead of the hexadecimal digits of the wire. */
export interface SealedBlob {
  readonly id: string;
  /** 12 bytes */
  readonly iv: Uint8Array;
  /** 16 bytes */
  readonly tag: Uint8Array;
  readonly data: Uint8Array;
}

const isBytes = (value: unknown, least: number, most = least) =>
  value instanceof Uint8Array && value.length >= least && value.length <= most;

const isSealedBlob = (value: unknown): boolean => {
  const blob = value as Partial<SealedBlob> | null;
  return (
    typeof blob === 'object' &&
    blob !== null &&
    isHash(blob.id) &&
    isBytes(blob.iv, 12) &&
    isBytes(blob.tag, 16) &&
    isBytes(blob.data, 1, 33_554_432)
  );
};

/** They become one pack. Until an accepted snapshot names them they are the actor's and nobody else's. */
export class PutBlobs extends OfFile {
  @IsListOf(isSealedBlob, 100_000, 'sealed blobs of at most 32 MiB')
  readonly blobs!: readonly SealedBlob[];
}

/** All of them or an error, in any order. */
export class GetBlobs extends OfFile {
  @IsListOf(isHash, 10_000, 'blob ids')
  readonly ids!: readonly string[];
}

/** The full list of documents of a snapshot, in its order: three columns of the same length. */
export interface SnapshotState {
  readonly keys: readonly string[];
  readonly blobs: readonly string[];
  readonly names: readonly string[];
}

export interface ClaimedSnapshot {
  readonly id: string;
  readonly parent: string;
  /** ISO 8601, UTC, milliseconds: the device's clock. */
  readonly created: string;
  /** A claim; given back as it came. */
  readonly author: string;
  readonly name: string;
  readonly description: string;
  readonly state: SnapshotState;
}

/** Data first: checks ids (O4, O5), writes pending records, answers a token that `branches.append` takes for one hour. */
export class StageSnapshots extends OfFile {
  /** The client's id of the file: it is part of every snapshot id. */
  @IsFileId()
  readonly file!: string;
  /** Key of the root document: the name of its entry is the name of the file. */
  @IsPlainText(1, 100)
  readonly root!: string;
  /** Each but the first has the one before it as its parent. */
  @ValidateBy({
    name: 'isListOfSnapshots',
    validator: {
      validate: (value) => Array.isArray(value) && value.length >= 1 && value.length <= 100,
      defaultMessage: () => 'must be a list of 1 to 100 snapshots',
    },
  })
  readonly snapshots!: readonly ClaimedSnapshot[];
}

export interface StoredSnapshot extends ClaimedSnapshot {
  /** SHA-256 over everything above. */
  readonly hash: string;
}

export interface Staged {
  readonly token: string;
  /** For each snapshot its stored version: the accepted one where there is one, else the one just staged. */
  readonly snapshots: readonly StoredSnapshot[];
}

/** Accepted snapshots with their full state: all of them, in the order asked for, or an error. */
export class GetSnapshots extends OfFile {
  @IsListOf(isHash, 10_000, 'snapshot ids')
  readonly ids!: readonly string[];
}
