import { DomainError } from '@tidemark/contracts';

export const idMismatch = (position: number) =>
  new DomainError(
    'SNAPSHOT_ID_MISMATCH',
    `snapshots.${position}.id is not the one that follows from the file, the parent and the documents. Nothing was saved.`,
    [{ field: `snapshots.${position}.id`, rule: 'follows from its content' }],
  );

export const invalidId = (field: string) =>
  new DomainError('INVALID_ID', `${field} must be 40 lower-case hexadecimal digits.`, [
    { field, rule: 'isHash' },
  ]);

export const invalidSnapshot = (field: string, rule: string) =>
  new DomainError('INVALID_INPUT', `${field} ${rule}.`, [{ field, rule }]);

export const tooLarge = (what: string, count: number, most: number) =>
  new DomainError('TOO_LARGE', `${what}: ${count}; ${most} is the limit. Nothing was saved.`);

const MOST_TOLD = 10;

/** `ids` in the order in which the snapshots name them. */
export const blobsMissing = (ids: readonly string[]) =>
  new DomainError(
    'BLOBS_MISSING',
    `${ids.length} of the documents are not here. Upload them and push again. Nothing was saved.`,
    ids.slice(0, MOST_TOLD).map((id) => ({ id })),
  );
