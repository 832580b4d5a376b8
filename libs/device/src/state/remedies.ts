/** What a person can do about each kind of failure. */
const remedies: Readonly<Record<string, string>> = {
  NOT_CONNECTED: 'Check the network and the address of the server; what is here is kept.',
  NOT_SIGNED_IN: 'Sign in. What was not pushed is kept and can be pushed afterwards.',
  UNAUTHORIZED: 'Sign in again. What was not pushed is kept and can be pushed afterwards.',
  INVALID_CREDENTIALS: 'Check e-mail address and passphrase, or use the recovery code.',
  DEVICE_LIMIT: 'End the session of another device, then sign in again.',
  HISTORY_CONFLICT: 'Pull, then push again.',
  CONFLICT: 'Say for each document which version to keep: mine, theirs or both.',
  UNCOMMITTED: 'Commit or revert the changes, then do it again.',
  FORBIDDEN: 'Ask an owner of the organization for the right to do this.',
  NOT_FOUND:
    'It was archived, or access was taken away. Keep a copy under another name, or remove the local one.',
  NO_FILE_KEY: 'Ask a member who can open the file to share its key.',
  BLOBS_MISSING: 'Push again: what is missing is uploaded anew.',
  RATE_LIMITED: 'Wait a moment, then try again.',
  UNAVAILABLE: 'Wait a moment; nothing was saved, and it is safe to try again.',
  TIMEOUT: 'It is safe to try again.',
  TOO_LARGE: 'Split the document, or ask the operator to allow larger ones.',
  INTEGRITY: 'Nothing was changed here. Tell the operator the request id.',
  BRANCH_NAME_INVALID: 'Choose another name.',
};

export const remedyOf = (code: string): string =>
  remedies[code] ?? 'Try again; if it stays, tell the operator the request id.';
