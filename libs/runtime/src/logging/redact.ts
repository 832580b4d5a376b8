const HIDDEN = '[hidden]';

/** Keys whose values never belong into a log, at the top of an entry or one step below. */
const keys = [
  'authorization',
  'cookie',
  'set-cookie',
  'x-session-id',
  'sessionId',
  'token',
  'password',
  'passphrase',
];
const quotedKey = (key: string) => `["${key}"]`;

export const hiddenPaths: string[] = keys.flatMap((key) => [
  quotedKey(key),
  `*${quotedKey(key)}`,
  `*.*${quotedKey(key)}`,
]);

/** Secrets that stand inside of texts: addresses, headers, error messages of others. */
const rules: readonly (readonly [RegExp, string])[] = [
  [/\b(tm|sess|web)_[\w-]{20,}/g, `$1_${HIDDEN}`],
  [/\b(Bearer|Basic) [\w.~+/=-]+/gi, `$1 ${HIDDEN}`],
  [/([?&](?:sessionId|session|token|password|key)=)[^&\s"'\\]+/gi, `$1${HIDDEN}`],
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^:/?#@\s"\\]*:)[^@/\s"\\]+@/gi, `$1${HIDDEN}@`],
];

/** The text of a finished line without what looks like a secret. */
export const scrubbed = (text: string): string =>
  rules.reduce((line, [pattern, replacement]) => line.replace(pattern, replacement), text);

export const hidden = HIDDEN;
