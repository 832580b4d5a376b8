import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const file = join(import.meta.dirname, '..', '..', '..', 'test', 'vectors', 'insomnia.json');

interface Message {
  readonly why: string;
  readonly value: unknown;
  readonly server: 'accept' | 'refuse';
}

interface Vectors {
  readonly whoami: Record<string, unknown>;
  readonly newerApp: Record<string, Record<string, unknown>>;
  readonly encryptedValues: {
    readonly messages: readonly Message[];
    readonly wrappedKeyHexDigits: Record<string, number>;
  };
  readonly graphqlErrors: Record<
    string,
    {
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body: Record<string, unknown>;
    }
  >;
  readonly absentFile: Record<string, unknown>;
  readonly wire: {
    readonly projectCreate: { readonly path: string; readonly variables: Record<string, unknown> };
    readonly snapshotsCreate: { readonly path: string; readonly variables: Record<string, unknown> };
  };
}

export const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors;
