import { vectorsText } from '../test/vectors.js';
import { rewrapFileKey, unwrapFileKey, wrapFileKey, wrappedKeyDigits } from './file-key.js';
import { parsePublicKey } from './rsa-key.js';
import { parseSymmetricKey, symmetricKeyText } from './symmetric-key.js';

const vectors = JSON.parse(vectorsText);

const { accountKeys, projectKey, encryptedValues } = vectors;
const { secondMember } = projectKey;

describe('the key of a file', () => {
  it('is a text that just fits', () => {
    expect(symmetricKeyText(projectKey.symmetricKeyJwk)).toBe(projectKey.plaintext);
    expect(encodeURIComponent(projectKey.plaintext)).toBe(projectKey.uriEncoded);
    expect(projectKey.uriEncoded).toHaveLength(projectKey.uriEncodedLength);
    expect(projectKey.uriEncodedLength).toBe(projectKey.maxPlaintextFor2048Bit);
  });

  it('keeps that text, whatever a JWK of another source holds besides', () => {
    const foreign = JSON.stringify({ use: 'enc', ...projectKey.symmetricKeyJwk, kid: 'x' });
    expect(symmetricKeyText(parseSymmetricKey(foreign))).toBe(projectKey.plaintext);
  });

  it('opens for each member as the app wrapped it', async () => {
    const ada = await unwrapFileKey(projectKey.encSymmetricKeyForAda, accountKeys.privateKeyJwk);
    const second = await unwrapFileKey(secondMember.encSymmetricKey, secondMember.privateKeyJwk);
    expect([ada, second]).toEqual([projectKey.symmetricKeyJwk, projectKey.symmetricKeyJwk]);
  });

  it('goes from one member to another', async () => {
    const forSecond = await rewrapFileKey(
      projectKey.encSymmetricKeyForAda,
      accountKeys.privateKeyJwk,
      JSON.stringify(secondMember.publicKeyJwk),
    );
    expect(forSecond).toMatch(/^[0-9a-f]{512}$/);
    expect(await unwrapFileKey(forSecond, secondMember.privateKeyJwk)).toEqual(projectKey.symmetricKeyJwk);
  });

  it('opens for nobody else', async () => {
    const opened = unwrapFileKey(projectKey.encSymmetricKeyForAda, secondMember.privateKeyJwk);
    await expect(opened).rejects.toMatchObject({ kind: 'undecryptable' });
    const cut = unwrapFileKey(projectKey.encSymmetricKeyForAda.slice(2), accountKeys.privateKeyJwk);
    await expect(cut).rejects.toMatchObject({ kind: 'malformed' });
  });

  it.each([2048, 3072, 4096])('has two digits per byte of a modulus of %p bit', async (modulusLength) => {
    const size = {
      name: 'RSA-OAEP',
      hash: 'SHA-256',
      modulusLength,
      publicExponent: new Uint8Array([1, 0, 1]),
    };
    const { publicKey } = await crypto.subtle.generateKey(size, true, ['encrypt', 'decrypt']);
    const member = parsePublicKey(JSON.stringify(await crypto.subtle.exportKey('jwk', publicKey)));
    const digits: number = encryptedValues.wrappedKeyHexDigits[modulusLength];
    expect(wrappedKeyDigits(member)).toBe(digits);
    expect(await wrapFileKey(projectKey.symmetricKeyJwk, member)).toHaveLength(digits);
  });

  const good = accountKeys.publicKeyJwk;
  it.each([
    ['no JSON', 'x'],
    ['null', 'null'],
    ['another kind', JSON.stringify({ ...good, kty: 'EC' })],
    ['another hash', JSON.stringify({ ...good, alg: 'RSA-OAEP' })],
    ['a key that may not encrypt', JSON.stringify({ ...good, key_ops: ['verify'] })],
    ['no modulus', JSON.stringify({ ...good, n: undefined })],
    ['too short a modulus', JSON.stringify({ ...good, n: good.n.slice(0, 172) })],
  ])('is wrapped with no public key that is %s', async (_, publicKey) => {
    const wrapped = wrapFileKey(projectKey.symmetricKeyJwk, publicKey);
    await expect(wrapped).rejects.toMatchObject({ kind: 'malformed' });
  });
});
