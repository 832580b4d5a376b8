import { DomainError } from '@tidemark/contracts';

export const ownKeyMissing = () =>
  new DomainError(
    'KEYS_INCOMPLETE',
    'A new file needs a key for your own account. Log out, log in again and push once more.',
  );

export const keyTwice = () =>
  new DomainError('INVALID_INPUT', 'keys must name each account once.', [
    { field: 'keys', rule: 'distinct accounts' },
  ]);

export const fileExists = () =>
  new DomainError('CONFLICT', 'This file exists already. Look again and repeat.');

export const tooManyFiles = (most: number) =>
  new DomainError(
    'TOO_LARGE',
    `There are more than ${most} files, too many for one list. Spread them over several projects.`,
  );
