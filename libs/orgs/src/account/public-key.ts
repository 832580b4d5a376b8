import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { publicKeyUnfit } from './account.errors.js';

/** What other people's apps insist on before they encrypt to a key, and the sizes that a wrapped file key can have. */
const SIZES = [2_048, 3_072, 4_096];

/** Refuses what is no RSA public key as the desktop app wants it, and above all a private one. */
export function checkPublicKey(text: string): void {
  const jwk = parsed(text);
  if (jwk['kty'] !== 'RSA') throw publicKeyUnfit('must have kty RSA');
  if (jwk['alg'] !== 'RSA-OAEP-256') throw publicKeyUnfit('must have alg RSA-OAEP-256');
  const uses = jwk['key_ops'];
  if (!Array.isArray(uses) || !uses.includes('encrypt')) throw publicKeyUnfit('must have encrypt in key_ops');
  if (['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'].some((part) => part in jwk))
    throw publicKeyUnfit('must hold no private part');
  if (jwk['e'] !== 'AQAB') throw publicKeyUnfit('must have the exponent 65537');
  if (!SIZES.includes(bitsOf(jwk))) throw publicKeyUnfit(`must have ${SIZES.join(', ')} bits`);
}

function parsed(text: string): Record<string, unknown> {
  try {
    const jwk: unknown = JSON.parse(text);
    if (typeof jwk === 'object' && jwk !== null && !Array.isArray(jwk)) return { ...jwk };
  } catch {
    // Said below.
  }
  throw publicKeyUnfit('must be a JSON object');
}

function bitsOf(jwk: JsonWebKey): number {
  if (typeof jwk.n !== 'string' || !/^[\w-]+$/.test(jwk.n)) return 0;
  try {
    return createPublicKey({ key: { kty: 'RSA', n: jwk.n, e: 'AQAB' }, format: 'jwk' }).asymmetricKeyDetails!
      .modulusLength!;
  } catch {
    return 0;
  }
}
