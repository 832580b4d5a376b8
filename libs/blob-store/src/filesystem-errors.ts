import { DomainError, unavailable } from '@tidemark/contracts';
import { codeOf } from '@tidemark/runtime';
import { packDamaged } from './blob-store.js';

/** What the system says of a folder, in the words of the contract. Paths stay in the cause. */
export function inOurWords(error: unknown): unknown {
  if (error instanceof DomainError) return error;
  const code = codeOf(error);
  if (/^(ENOSPC|EDQUOT)$/.test(code)) return unavailable('The disk is full.', error);
  if (/^(ENOENT|EISDIR)$/.test(code)) return packDamaged(error);
  return code ? unavailable('The storage for documents cannot be used right now.', error) : error;
}
