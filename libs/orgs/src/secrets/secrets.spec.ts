import { keyRing, newKeyRing } from '@tidemark/runtime';
import { Secrets } from './secrets.js';

const ringOf = (byte: number) => keyRing(newKeyRing(Buffer.alloc(32, byte)));
const [secrets, others] = [new Secrets(ringOf(1)), new Secrets(ringOf(2))];
const [ada, eve] = ['acct_0123456789abcdef0123456789abcdef', 'acct_fedcba9876543210fedcba9876543210'];

describe('keyed hashes', () => {
  it('of an address are the same whatever its case and blanks, and differ between installations', () => {
    expect(secrets.emailHash(' Ada@Example.org ')).toEqual(secrets.emailHash('ada@example.org'));
    expect(secrets.emailHash('ada@example.org')).not.toEqual(secrets.emailHash('eve@example.org'));
    expect(secrets.emailHash('ada@example.org')).not.toEqual(others.emailHash('ada@example.org'));
  });

  it('of a key belong to one account and one use', () => {
    const all = [
      secrets.verifierOf(ada, 'k'),
      secrets.verifierOf(eve, 'k'),
      secrets.recoveryVerifierOf(ada, 'k'),
      others.verifierOf(ada, 'k'),
    ].map((hash) => hash.toString('hex'));
    expect(new Set(all).size).toBe(4);
  });

  it('cannot be made to meet by moving text from one part to the next', () => {
    expect(secrets.guessKey('ab', 'c')).not.toEqual(secrets.guessKey('a', 'bc'));
  });

  it('match only what is kept', () => {
    const kept = secrets.verifierOf(ada, 'k');
    expect(secrets.matches(kept, secrets.verifierOf(ada, 'k'))).toBe(true);
    expect(secrets.matches(kept, secrets.verifierOf(ada, 'l'))).toBe(false);
    expect(secrets.matches(undefined, kept)).toBe(false);
    expect(secrets.matches(undefined, Buffer.alloc(32))).toBe(false);
  });
});

describe('tokens', () => {
  it('are new each time, with 256 bits, and say what they are for', () => {
    const tokens = Array.from({ length: 100 }, () => secrets.newToken('app').token);
    expect(new Set(tokens).size).toBe(100);
    for (const token of tokens) expect(token).toMatch(/^sess_[\w-]{43}$/);
    expect(secrets.newToken('web').token).toMatch(/^web_[\w-]{43}$/);
  });

  it('are found by their hash only', () => {
    const { token, hash } = secrets.newToken('app');
    expect(secrets.tokenHash(token)).toEqual(hash);
    expect(others.tokenHash(token)).not.toEqual(hash);
  });
});

describe('a known device', () => {
  it('is known to one account only, and has an id of its own', () => {
    const [one, two] = [secrets.newKnownDevice(ada), secrets.newKnownDevice(ada)];
    expect(secrets.knownDevice(ada, one)).toBeTruthy();
    expect(secrets.knownDevice(ada, one)).not.toBe(secrets.knownDevice(ada, two));
    expect(secrets.knownDevice(eve, one)).toBeUndefined();
    expect(others.knownDevice(ada, one)).toBeUndefined();
  });

  it.each([undefined, '', '.', 'a.b', 'a', `${'x'.repeat(22)}.${'y'.repeat(43)}`])('is not %p', (token) => {
    expect(secrets.knownDevice(ada, token)).toBeUndefined();
  });
});

describe('the link of a mail', () => {
  it('is for one account with one address', () => {
    const token = secrets.mailLinkToken(ada, 'ada@example.org');
    expect(secrets.accountOfMailLink(token)).toBe(ada);
    expect(secrets.isMailLink(token, ada, 'Ada@example.org')).toBe(true);
    expect(secrets.isMailLink(token, ada, 'new@example.org')).toBe(false);
    expect(secrets.isMailLink(token, eve, 'ada@example.org')).toBe(false);
    expect(others.isMailLink(token, ada, 'ada@example.org')).toBe(false);
  });

  it.each(['', 'x', `${'0'.repeat(32)}.short`, `${'Z'.repeat(32)}.${'a'.repeat(43)}`])(
    'is not %p',
    (token) => {
      expect(secrets.accountOfMailLink(token)).toBeUndefined();
    },
  );
});

it('an address that nobody has gets an account and a salt that stay the same and tell nothing', () => {
  const [nobody, salt] = [secrets.nobodyFor('Eve@x.org'), secrets.saltFor('Eve@x.org')];
  expect(nobody).toMatch(/^acct_[0-9a-f]{32}$/);
  expect(salt).toMatch(/^[0-9a-f]{32}$/);
  expect([secrets.nobodyFor('eve@x.org'), secrets.saltFor('eve@x.org')]).toEqual([nobody, salt]);
  expect(others.saltFor('eve@x.org')).not.toBe(salt);
  expect(nobody.slice(5)).not.toBe(salt);
});
