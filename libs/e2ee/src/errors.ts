/**
 * - `malformed`: not of the shape the protocol names; nothing was tried
 * - `undecryptable`: the key does not fit, or somebody changed a byte
 * - `mismatch`: it opens, but is not what its id says
 * - `insecure-context`: the browser offers no WebCrypto here (plain http on a non-local address)
 */
export type E2eeErrorKind = 'malformed' | 'undecryptable' | 'mismatch' | 'insecure-context';

/** Its message never contains what was to be kept secret. */
export class E2eeError extends Error {
  override readonly name = 'E2eeError';

  constructor(
    readonly kind: E2eeErrorKind,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
