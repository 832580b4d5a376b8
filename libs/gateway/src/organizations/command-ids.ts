import { DomainError, derivedOrgId, derivedUuid, newCommandId, newOrgId } from '@tidemark/contracts';

/** Printable, without a space, at most 255 characters: what an Idempotency-Key may be. */
const KEY = /^[\x21-\x7e]{1,255}$/;

export function checkedKey(key: string | undefined): string | undefined {
  if (key !== undefined && !KEY.test(key)) {
    throw new DomainError(
      'INVALID_INPUT',
      'Idempotency-Key must have 1 to 255 printable characters without a space.',
      [{ field: 'Idempotency-Key', rule: 'printable' }],
    );
  }
  return key;
}

/** A repeated request is the same command: its id follows from who asks, what for, and the key. */
export const commandId = (account: string, operation: string, key?: string): string =>
  key === undefined ? newCommandId() : derivedUuid(account, operation, key);

/** A repeated creation is the same organization. */
export const orgIdFor = (account: string, key?: string): string =>
  key === undefined ? newOrgId() : derivedOrgId(account, 'create-organization', key);
