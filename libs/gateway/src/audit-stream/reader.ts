import type { ActorContext, AuditEntry } from '@tidemark/contracts';

/** Whoever sits in the room of an organization and is told of its entries, in their order. */
export interface Reader {
  readonly actor: ActorContext;
  /** The last entry that it was told of. */
  readonly cursor: number;
  readonly closed: boolean;
  tell(entry: AuditEntry): void;
  /** Keeps the connection known to proxies, and finds out that it is gone. */
  beat(): void;
  /** Throws when the reader has no right to stay. */
  recheck(): Promise<void>;
  close(): void;
}
