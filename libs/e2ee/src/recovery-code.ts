import { sha256 } from '@noble/hashes/sha2.js';
import { randomBytes, utf8 } from './bytes.js';
import { E2eeError } from './errors.js';
import { type Secrets, splitSecrets } from './passphrase.js';

// Crockford's: no letter that looks like a digit, no U.
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const randomLength = 26; // 130 bit
const checkLength = 2;
const groupLength = 4;

/** 28 characters in seven groups: 130 random bits and two characters that tell a slip of the pen. */
export function newRecoveryCode(): string {
  const symbols = Array.from(randomBytes(randomLength), (byte) => alphabet[byte & 31]).join('');
  return grouped(symbols + checkOf(symbols));
}

const grouped = (symbols: string): string =>
  (symbols.match(new RegExp(`.{1,${groupLength}}`, 'g')) ?? []).join('-');

function checkOf(symbols: string): string {
  const digest = sha256(utf8(symbols));
  return Array.from(digest.subarray(0, checkLength), (byte) => alphabet[byte & 31]).join('');
}

/** As people type it: any case, with or without dashes and blanks, O for 0, I and L for 1. */
export function parseRecoveryCode(typed: string): string {
  const symbols = typed
    .toUpperCase()
    .replace(/[\s\-\u2010-\u2015]/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
  const random = symbols.slice(0, randomLength);
  const whole =
    symbols.length === randomLength + checkLength &&
    [...symbols].every((symbol) => alphabet.includes(symbol));
  if (!whole || checkOf(random) !== symbols.slice(randomLength)) {
    throw new E2eeError(
      'malformed',
      'This is not a recovery code: look for a mistyped or missing character.',
    );
  }
  return grouped(symbols);
}

/** No slow hash: nobody guesses 130 random bits. */
export function recoverySecrets(typed: string): Secrets {
  const symbols = parseRecoveryCode(typed).replaceAll('-', '').slice(0, randomLength);
  return splitSecrets(utf8(symbols), 'tidemark recovery');
}
