import { DomainError, notConfirmed, unavailable } from '@tidemark/contracts';
import { DatabaseError } from 'pg';
import { codeOf, isError } from '../errors-of.js';

/** States in which the server refuses for reasons that pass: nothing was saved, the same call may succeed later. */
const PASSING = [
  /^08/, // connection exceptions
  /^53/, // disk full, out of memory, too many connections
  /^57P/, // shutting down, crashed, starting up
  /^40(001|P01)$/, // serialization failure, deadlock: after the retries
  /^25006$/, // the server is read-only: a standby, or told so
  /^25P03$/, // idle in transaction for too long
  /^28/, // the password was changed under us
  /^3D000$/, // the database is gone, for instance while it is restored
  /^55P03$/, // waited too long for a lock
  /^58/, // the server's own file system fails
];
const OVERTIME = /^(57014|25P04)$/;
const DAMAGED = /^XX00[12]$/;
const UNREACHABLE = /^(ECONN\w+|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOST\w+|ENET\w+|ENOENT|EACCES)$/;
const LOST =
  /^(Connection terminated|timeout exceeded when trying to connect|Client (has|was)|Cannot use a pool)/;

/** The connection itself is gone: whatever it was doing has no reply. */
export const isConnectionLost = (error: unknown): boolean =>
  error instanceof DatabaseError
    ? error.severity === 'FATAL' || error.severity === 'PANIC' || /^(08|57P0[1-3])/.test(codeOf(error))
    : isError(error) && (UNREACHABLE.test(codeOf(error)) || LOST.test(error.message));

/** The server undid the transaction because of another one; run again it may succeed. */
export const isRetryable = (error: unknown): boolean => /^40(001|P01)$/.test(codeOf(error));

/** The error of a transaction that certainly did not commit, in the words of the contract where it has some. */
export function beforeCommit(error: unknown): unknown {
  if (error instanceof DomainError || !isError(error)) return error;
  const code = codeOf(error);
  if (OVERTIME.test(code)) return overtime(error);
  if (DAMAGED.test(code))
    return new DomainError('INTEGRITY', 'What is stored is damaged.', [], { cause: error });
  const passing =
    isConnectionLost(error) || (error instanceof DatabaseError && PASSING.some((known) => known.test(code)));
  return passing ? unavailable('The database cannot be used right now.', error) : error;
}

/** The error of a statement that may have committed: only a reply of the server itself says that it did not. */
export const afterSending = (error: unknown): unknown =>
  isConnectionLost(error) ? notConfirmed(error) : beforeCommit(error);

const overtime = (cause: Error) =>
  new DomainError('TIMEOUT', 'The database took too long. Nothing was saved. It is safe to try again.', [], {
    cause,
  });
