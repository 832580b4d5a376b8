import { argon2Sync } from 'node:crypto';
import { vectorsText } from '../test/vectors.js';
import { newAccountKeys, newRecovery, openPrivateKey, openSymmetricKey } from './account-keys.js';
import { decryptText, parseAesMessage } from './aes-message.js';
import { unwrapFileKey, wrapFileKey } from './file-key.js';
import { type Argon2id, passphraseSecrets } from './passphrase.js';
import { recoverySecrets } from './recovery-code.js';
import { parsePublicKey, publicKeyText } from './rsa-key.js';
import { newSymmetricKey, rawKey, symmetricKeyText } from './symmetric-key.js';

const vectors = JSON.parse(vectorsText);

const { accountKeys, whoami, newerApp } = vectors;

/** Node's own, which is quicker than ours and not ours. */
const nodes: Argon2id = async (message, { salt, m, t, p }) =>
  argon2Sync('argon2id', { message, nonce: salt, parallelism: p, tagLength: 32, memory: m, passes: t });

describe('the keys of an account that the app knows', () => {
  it('open from whoami with the derived key', async () => {
    const symmetricKey = await openSymmetricKey(whoami.encSymmetricKey, accountKeys.encSymmetricKey.keyHex);
    expect(symmetricKey).toEqual(accountKeys.symmetricKeyJwk);
    expect(Buffer.from(rawKey(symmetricKey)).toString('hex')).toBe(accountKeys.symmetricKeyHex);
    expect(await openPrivateKey(whoami.encPrivateKey, symmetricKey)).toEqual(accountKeys.privateKeyJwk);
  });

  it('are the messages that whoami holds as texts', () => {
    expect(parseAesMessage(whoami.encSymmetricKey)).toEqual(accountKeys.encSymmetricKey.message);
    expect(parseAesMessage(whoami.encPrivateKey)).toEqual(accountKeys.encPrivateKey.message);
    expect(publicKeyText(parsePublicKey(whoami.publicKey))).toBe(whoami.publicKey);
    expect(parsePublicKey(whoami.publicKey)).toEqual(accountKeys.publicKeyJwk);
  });

  it('are what the newer app is told', () => {
    const { encryptionKeys } = newerApp;
    const members = [
      encryptionKeys.public_key,
      encryptionKeys.enc_private_key,
      encryptionKeys.enc_symmetric_key,
    ];
    expect(members.every((member) => typeof whoami[member] === 'string')).toBe(true);
  });

  it('hold a symmetric key of exactly the text that fits RSA', async () => {
    const { keyHex, message, plaintext, uriEncodedLength } = accountKeys.encSymmetricKey;
    expect(symmetricKeyText(accountKeys.symmetricKeyJwk)).toBe(plaintext);
    expect(await decryptText(keyHex, message)).toBe(plaintext);
    expect(encodeURIComponent(plaintext)).toHaveLength(uriEncodedLength);
    expect(accountKeys.encPrivateKey.keyHex).toBe(accountKeys.symmetricKeyHex);
  });
});

describe('the keys of a new account', () => {
  const made = newAccountKeys('correct horse', nodes);

  it('open with the passphrase, and with the recovery code, to the same', async () => {
    const { send, recoveryCode, derivedKey, symmetricKey } = await made;
    const secrets = await passphraseSecrets('correct horse', send.kdf, nodes);
    expect(secrets).toEqual({ authenticationKey: send.authenticationKey, derivedKey });
    expect(await openSymmetricKey(send.encSymmetricKey, secrets.derivedKey)).toEqual(symmetricKey);
    const recovered = recoverySecrets(recoveryCode);
    expect(recovered.authenticationKey).toBe(send.recovery.authenticationKey);
    expect(await openSymmetricKey(send.recovery.encSymmetricKey, recovered.derivedKey)).toEqual(symmetricKey);
  });

  it('open file keys that others wrapped', async () => {
    const { send, symmetricKey } = await made;
    const privateKey = await openPrivateKey(send.encPrivateKey, symmetricKey);
    const fileKey = newSymmetricKey();
    expect(await unwrapFileKey(await wrapFileKey(fileKey, send.publicKey), privateKey)).toEqual(fileKey);
    expect(Object.keys(privateKey)).toEqual(Object.keys(accountKeys.privateKeyJwk));
    expect(Object.keys(JSON.parse(send.publicKey))).toEqual(Object.keys(accountKeys.publicKeyJwk));
    expect(parsePublicKey(send.publicKey).e).toBe('AQAB');
  });

  it('are written as the server wants them, and tell it nothing', async () => {
    const { send, recoveryCode, derivedKey, symmetricKey } = await made;
    const message = /^\{"iv":"[0-9a-f]{24}","t":"[0-9a-f]{32}","ad":"","d":"(?:[0-9a-f]{2}){1,8192}"\}$/;
    for (const text of [send.encPrivateKey, send.encSymmetricKey, send.recovery.encSymmetricKey])
      expect(text).toMatch(message);
    const sent = JSON.stringify(send);
    const secrets = [
      derivedKey,
      symmetricKey.k,
      recoveryCode,
      recoverySecrets(recoveryCode).derivedKey,
      'horse',
    ];
    for (const secret of secrets) expect(sent).not.toContain(secret);
  });

  it('do not open with another code', async () => {
    const { send } = await made;
    const { recoveryCode } = await newRecovery(newSymmetricKey());
    const opened = openSymmetricKey(send.recovery.encSymmetricKey, recoverySecrets(recoveryCode).derivedKey);
    await expect(opened).rejects.toMatchObject({ kind: 'undecryptable' });
  });
});
