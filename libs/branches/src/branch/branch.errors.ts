import { DomainError } from '@tidemark/contracts';

export const branchNameInvalid = () =>
  new DomainError(
    'BRANCH_NAME_INVALID',
    'A branch name has at least 3 letters, digits or . _ - / and begins with a letter or digit. With a / in it, it has no empty part, no .. and no / or . at its end, and no part begins with . or ends with .lock. Choose another name.',
    [{ field: 'branch', rule: 'branch name' }],
  );

export const masterStays = () =>
  new DomainError(
    'BRANCH_NAME_INVALID',
    'The branch master cannot be removed: every file has it. Remove another branch, or delete the whole file.',
    [{ field: 'branch', rule: 'not master' }],
  );

export const snapshotsInvalid = () =>
  new DomainError('INVALID_INPUT', 'snapshots must name at least one snapshot, and each once.', [
    { field: 'snapshots', rule: 'distinct, not empty' },
  ]);

/** What is named neither stands in the file nor in the token: the upload is older than an hour or somebody else's. */
export const notStaged = (ids: readonly string[]) =>
  new DomainError(
    'CONFLICT',
    'Snapshots of this push have not been uploaded with it, or more than an hour ago. Push again.',
    ids.slice(0, 10).map((id) => ({ id })),
  );
