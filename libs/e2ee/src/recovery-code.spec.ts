import { newRecoveryCode, parseRecoveryCode, recoverySecrets } from './recovery-code.js';

const code = newRecoveryCode();

// Computed with Node's HKDF from the first 26 characters.
const fixed = {
  authenticationKey: 'dd6726effcb63ad0035f35746f904801e723cf38885302756d9df2d0d89a3a44',
  derivedKey: '572d616e0277cdcb5f1f6de545606f2cc02f50fc41f5eb8c1c820e46177a0ae6',
};

describe('a recovery code', () => {
  it('has seven groups of four, and 130 random bits', () => {
    expect(code).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}$/);
    const symbols = new Set(
      Array.from({ length: 64 }, newRecoveryCode).flatMap((made) => [...made.slice(0, 31)]),
    );
    expect(symbols.size).toBe(33); // each of the 32, and the dash
  });

  it.each([
    ['small letters', code.toLowerCase()],
    ['no dashes', code.replaceAll('-', '')],
    ['blanks', `  ${code.replaceAll('-', ' ')}\n`],
    ['letters for digits', code.replaceAll('0', 'o').replaceAll('1', 'l')],
    ['long dashes', code.replaceAll('-', '–')],
  ])('may be typed with %s', (_, typed) => {
    expect(parseRecoveryCode(typed)).toBe(code);
    expect(recoverySecrets(typed)).toEqual(recoverySecrets(code));
  });

  it('tells nearly every slip', () => {
    const slips = [...code].flatMap((symbol, at) =>
      symbol === '-' ? [] : [code.slice(0, at) + (symbol === '7' ? '8' : '7') + code.slice(at + 1)],
    );
    const unnoticed = slips.filter((slip) => {
      try {
        return Boolean(parseRecoveryCode(slip));
      } catch {
        return false;
      }
    });
    expect(unnoticed.length).toBeLessThanOrEqual(1);
  });

  it.each(['', code.slice(1), `${code}0`, code.replace(/.$/, 'U')])('is not %p', (typed) => {
    expect(() => recoverySecrets(typed)).toThrow(expect.objectContaining({ kind: 'malformed' }));
  });

  it('makes keys that nothing else makes, the same for ever', () => {
    expect(recoverySecrets('0123-4567-89AB-CDEF-GHJK-MNPQ-RSNP')).toEqual(fixed);
  });
});
