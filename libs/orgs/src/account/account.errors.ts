import { DomainError } from '@tidemark/contracts';

export const accountExists = () =>
  new DomainError(
    'CONFLICT',
    'There is an account with this e-mail address already. Sign in, or use the recovery code if the passphrase is lost.',
  );

/** One text, whichever of the two does not fit. */
export const wrongCredentials = () =>
  new DomainError('INVALID_CREDENTIALS', 'E-mail address and passphrase do not fit together.');

export const wrongPassphrase = () =>
  new DomainError('INVALID_CREDENTIALS', 'This is not the passphrase of the account.');

export const wrongRecovery = () =>
  new DomainError('INVALID_CREDENTIALS', 'E-mail address and recovery code do not fit together.');

export const linkDoesNotFit = () =>
  new DomainError(
    'INVALID_INPUT',
    'This link is not complete or not for this account. Sign in and have a new mail sent.',
    [{ field: 'token', rule: 'link' }],
  );

export const tooManyDevices = (limit: number, sessions: readonly string[]) =>
  new DomainError(
    'DEVICE_LIMIT',
    `You are signed in on ${limit} device${limit === 1 ? '' : 's'}, which is as many as are allowed. End one of them to sign in here.`,
    sessions.map((id) => ({ id, rule: 'device' })),
  );

export const mustVerifyFirst = () =>
  new DomainError('FORBIDDEN', 'Open the link in the mail that was sent to you first, then sign in.');

export const publicKeyUnfit = (why: string) =>
  new DomainError('INVALID_INPUT', `publicKey ${why}.`, [{ field: 'publicKey', rule: 'rsaPublicJwk' }]);
