import { types } from 'node:util';

/**
 * What can go wrong, as words a caller can act on:
 *   taken        another live process uses the folder
 *   damaged      the data is there, but the service refuses it
 *   disk-full    no room left
 *   port-taken   someone listens on the port asked for
 *   unreachable  the folder cannot be read by the account that the service runs as
 *   missing      a tool of this machine is needed and absent
 *   failed       anything else; the message says what the service said
 */
export type BackingErrorKind =
  'taken' | 'damaged' | 'disk-full' | 'port-taken' | 'unreachable' | 'missing' | 'failed';

/** Of a process that cannot start without the service. */
const exitCodes: Record<BackingErrorKind, number> = {
  taken: 3,
  'port-taken': 3,
  damaged: 4,
  'disk-full': 5,
  unreachable: 2,
  missing: 2,
  failed: 1,
};

/** The message is one line, fit to be the only line that a user sees. */
export class BackingError extends Error {
  override readonly name: string = 'BackingError';
  readonly kind: BackingErrorKind;

  constructor(kind: BackingErrorKind, message: string, options?: ErrorOptions) {
    super(message.replaceAll(/\s*\n\s*/g, ' '), options);
    this.kind = kind;
  }

  get exitCode(): number {
    return exitCodes[this.kind];
  }
}

/** A service cannot run here. `reason` fits behind `TIER <name> MISSING`. */
export class BackingMissing extends BackingError {
  override readonly name = 'BackingMissing';
  readonly reason: string;

  constructor(reason: string) {
    super('missing', reason);
    this.reason = reason;
  }
}

const kinds: Record<string, BackingErrorKind> = {
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
  EACCES: 'unreachable',
  EPERM: 'unreachable',
  EROFS: 'unreachable',
  ENOTDIR: 'unreachable',
};

export function codeOf(error: unknown): string | undefined {
  // Errors of Node itself are no `instanceof Error` in the realm of a test.
  if (!types.isNativeError(error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

export const textOf = (error: unknown): string =>
  types.isNativeError(error) ? error.message : String(error);

/** Gives an error of the file system its kind; leaves a BackingError as it is. */
export function asBackingError(error: unknown, doing: string): BackingError {
  if (error instanceof BackingError) return error;
  return new BackingError(kinds[codeOf(error) ?? ''] ?? 'failed', `${doing}: ${textOf(error)}`, {
    cause: error,
  });
}
