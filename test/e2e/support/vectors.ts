import { readFileSync } from 'node:fs';

const file = new URL('../../vectors/insomnia.json', import.meta.url);

export interface EncryptedValue {
  readonly why: string;
  readonly value: unknown;
  readonly server: 'accept' | 'refuse';
}

/** Of the protocol, as far as these files look into it. */
interface Vectors {
  readonly [name: string]: unknown;
  readonly encryptedValues: {
    readonly messages: readonly EncryptedValue[];
    readonly wrappedKeyHexDigits: Readonly<Record<string, number>>;
  };
  readonly branchNames: { readonly names: readonly { name: string; older: boolean; server: boolean }[] };
  readonly graphqlErrors: Readonly<
    Record<
      'endedSession' | 'absentFile' | 'tooLarge',
      { status: number; headers?: Record<string, string>; body: Record<string, unknown> }
    >
  >;
  readonly absentFile: Readonly<Record<string, unknown>> & {
    readonly missingBlobs: { readonly variables: { readonly ids: readonly string[] }; readonly data: object };
  };
  readonly whoami: Readonly<Record<string, unknown>>;
  readonly newerApp: Readonly<Record<string, unknown>> & {
    readonly encryptionKeys: Readonly<Record<string, string | null>> & { readonly path: string };
  };
  readonly insomniaSessionEnv: { readonly json: Readonly<Record<string, unknown>> };
  readonly blobs: readonly {
    readonly document: { _id: string; type: string };
    readonly blobId: string;
    readonly uploaded: { readonly id: string; readonly content: string };
  }[];
  readonly snapshots: {
    readonly projectId: string;
    readonly list: readonly {
      readonly id: string;
      readonly parent: string;
      readonly created: string;
      readonly author: string;
      readonly name: string;
      readonly description: string;
      readonly state: readonly { key: string; blob: string; name: string }[];
    }[];
    readonly emptyState: { readonly id: string };
  };
  readonly wire: Readonly<
    Record<'projectCreate' | 'snapshotsCreate', { path: string; variables: Record<string, unknown> }>
  >;
  readonly projectKey: { readonly encSymmetricKeyForAda: string };
}

export const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors;
