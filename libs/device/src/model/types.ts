import type { Document } from '@tidemark/e2ee';

/** One object of a collection as the app keeps it: a request, a folder, an environment, the workspace itself. */
export type { Document };

/** One line of a snapshot: this document in this version. */
export interface StateEntry {
  readonly key: string;
  readonly blob: string;
  readonly name: string;
}

export interface AuthorAccount {
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
}

/** An immutable commit. */
export interface Snapshot {
  readonly id: string;
  readonly parent: string;
  /** ISO 8601, UTC, milliseconds: the clock of the device that made it. */
  readonly created: string;
  /** Account id, as claimed by who pushed it; empty until the first push from a device without an account. */
  readonly author: string;
  readonly authorAccount?: AuthorAccount | null;
  readonly name: string;
  readonly description: string;
  readonly state: readonly StateEntry[];
}

export const MASTER = 'master';
