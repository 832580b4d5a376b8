import { argon2Sync, hkdfSync, pbkdf2Sync } from 'node:crypto';
import { vectorsText } from '../test/vectors.js';
import { isLongEnough, type Kdf, newKdf, normalizedPassphrase, passphraseSecrets } from './passphrase.js';

const vectors = JSON.parse(vectorsText);

const { deriveKey } = vectors;
const cheap: Kdf = { v: 1, m: 8_192, t: 1, p: 1, salt: '00112233445566778899aabbccddeeff' };

const half = (master: Buffer, info: string) =>
  Buffer.from(hkdfSync('sha256', master, '', info, 32)).toString('hex');

describe('a passphrase', () => {
  it.each([cheap, { ...cheap, t: 2, p: 2 }])(
    'becomes two keys, as another implementation makes them: %p',
    async (kdf) => {
      const { m: memory, t: passes, p: parallelism, salt } = kdf;
      const message = Buffer.from(deriveKey.passphraseNfkdUtf8Hex, 'hex');
      const options = {
        message,
        nonce: Buffer.from(salt, 'hex'),
        parallelism,
        tagLength: 32,
        memory,
        passes,
      };
      const master = argon2Sync('argon2id', options);
      expect(await passphraseSecrets(deriveKey.rawPassphrase, kdf)).toEqual({
        authenticationKey: half(master, 'tidemark authentication v1'),
        derivedKey: half(master, 'tidemark key encryption v1'),
      });
    },
  );

  it('is the same however it was typed', () => {
    const bytes = Buffer.from(normalizedPassphrase(deriveKey.rawPassphrase)).toString('hex');
    expect(bytes).toBe(deriveKey.passphraseNfkdUtf8Hex);
    expect(normalizedPassphrase('Zoe\u0308')).toBe(normalizedPassphrase(' Zo\u00eb '));
  });

  it.each([
    ['12345678', true],
    ['  1234567 ', false],
    ['🌊🌊🌊🌊', false],
    ['пароль-пароль', true],
  ])('%p is long enough: %p', (passphrase, expected) => {
    expect(isLongEnough(passphrase)).toBe(expected);
  });

  it('is stretched anew for every account, at today’s price', () => {
    expect(newKdf()).toEqual({ v: 1, m: 65_536, t: 3, p: 1, salt: expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect(newKdf().salt).not.toBe(newKdf().salt);
  });

  it('is not stretched in a way unknown here', async () => {
    const newer = { ...cheap, v: 2 } as unknown as Kdf;
    await expect(passphraseSecrets('x', newer)).rejects.toMatchObject({ kind: 'malformed' });
  });
});

// Nothing of ours derives keys in this way; the vectors hold the app's other values together.
describe('the derivation that older clients used', () => {
  const derived = (passphrase: string, email: string, salt: string, iterations: number) => {
    const stretchedSalt = Buffer.from(hkdfSync('sha256', email.trim().toLowerCase(), salt, '', 32));
    const key = pbkdf2Sync(normalizedPassphrase(passphrase), stretchedSalt, iterations, 32, 'sha256');
    return { hkdf: stretchedSalt.toString('hex'), key: key.toString('hex') };
  };

  it('gives the key that opens the account of the vectors', () => {
    const { rawPassphrase, email, saltEnc, pbkdf2Iterations, hkdfSha256Hex, derivedKeyHex, simple } =
      deriveKey;
    const whole = derived(rawPassphrase, email, saltEnc, pbkdf2Iterations);
    expect(whole).toEqual({ hkdf: hkdfSha256Hex, key: derivedKeyHex });
    expect(derivedKeyHex).toBe(vectors.accountKeys.encSymmetricKey.keyHex);
    const short = derived(simple.passphrase, simple.email, simple.salt, pbkdf2Iterations);
    expect(short).toEqual({ hkdf: simple.hkdfSha256Hex, key: simple.derivedKeyHex });
  });
});
