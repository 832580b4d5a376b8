import { E2eeError } from './errors.js';

/** WebCrypto, which browsers keep from pages that came over plain http from anywhere but this machine. */
export function subtle(): typeof crypto.subtle {
  const found = (globalThis.crypto as { subtle?: typeof crypto.subtle } | undefined)?.subtle;
  if (!found) {
    throw new E2eeError('insecure-context', 'No WebCrypto here: the page needs https or a local address.');
  }
  return found;
}
