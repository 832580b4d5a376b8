import { DomainError } from '@tidemark/contracts';
import { isConnectionLost } from '@tidemark/runtime';
import { DatabaseError } from 'pg';

/**
 * unknown: no reply came, it may have been written. passing: undone because of another transaction, the same again may
 * succeed. held up: somebody holds a lock. unreachable: the database takes nothing at the moment. refused: this cannot
 * be stored.
 */
export type AppendFailure = 'unknown' | 'passing' | 'held up' | 'unreachable' | 'refused';

export function judge(error: unknown): AppendFailure {
  const cause = error instanceof DomainError ? error.cause : error;
  if (error instanceof DomainError && error.code === 'TIMEOUT' && isConnectionLost(cause)) return 'unknown';
  const state = cause instanceof DatabaseError ? (cause.code ?? '') : '';
  // 23505: the same command arrives through another process at this moment; the next try sees it.
  if (/^(40001|40P01|23505)$/.test(state)) return 'passing';
  if (/^(55P03|57014|25P04)$/.test(state)) return 'held up';
  return error instanceof DomainError && error.code === 'UNAVAILABLE' ? 'unreachable' : 'refused';
}
