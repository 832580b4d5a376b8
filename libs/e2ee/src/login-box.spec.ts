import { vectorsText } from '../test/vectors.js';
import { fromBase64, toBase64, toHex, utf8 } from './bytes.js';
import { finishLoginLink, newLoginKeys, openLogin, parseLoginKey, sealLogin } from './login-box.js';
import { boxNonce, openBox, sealBox } from './sealed-box.js';

const vectors = JSON.parse(vectorsText);

const { sealedBox, insomniaSessionEnv, deriveKey } = vectors;
const app = { publicKey: sealedBox.appPublicKeyB64, secretKey: sealedBox.appSecretKeyB64 };
const login = JSON.parse(sealedBox.plaintext);

describe('a sealed box', () => {
  it('is libsodium’s, byte for byte', () => {
    const sealed = sealBox(
      utf8(sealedBox.plaintext),
      fromBase64(app.publicKey),
      fromBase64(sealedBox.ephemeralSecretKeyB64),
    );
    expect(toBase64(sealed)).toBe(sealedBox.sealedB64);
    expect(sealed).toHaveLength(sealedBox.sealedLength);
    expect(toBase64(sealed.subarray(0, 32))).toBe(sealedBox.ephemeralPublicKeyB64);
    const nonce = boxNonce(fromBase64(sealedBox.ephemeralPublicKeyB64), fromBase64(app.publicKey));
    expect(toHex(nonce)).toBe(sealedBox.nonceHex);
  });

  it('opens for its receiver alone, and only whole', () => {
    const keys = { publicKey: fromBase64(app.publicKey), secretKey: fromBase64(app.secretKey) };
    const box = fromBase64(sealedBox.sealedB64);
    expect(new TextDecoder().decode(openBox(box, keys))).toBe(sealedBox.plaintext);
    const other = newLoginKeys();
    const others = { publicKey: fromBase64(other.publicKey), secretKey: fromBase64(other.secretKey) };
    const altered = box.map((byte, at) => (at === 100 ? byte ^ 1 : byte));
    for (const open of [() => openBox(box, others), () => openBox(altered, keys)])
      expect(open).toThrow(expect.objectContaining({ kind: 'undecryptable' }));
    expect(() => openBox(box.subarray(0, 47), keys)).toThrow(expect.objectContaining({ kind: 'malformed' }));
  });
});

describe('the hand-off of a login', () => {
  it.each([sealedBox.loginUrlV10.url, sealedBox.loginUrlNewer.url])('reads the key out of %s', (url) => {
    const parameter = new URL(url).searchParams.get('loginKey');
    expect(parseLoginKey(parameter!)).toBe(app.publicKey);
  });

  it.each(['', 'x', '%', 'KWfi', `${app.publicKey}=`, app.publicKey.replace('+', '-')])(
    'takes %p for no key',
    (parameter) => {
      expect(() => parseLoginKey(parameter)).toThrow(expect.objectContaining({ kind: 'malformed' }));
    },
  );

  it('gives the app what it opens: by link and by hand', () => {
    expect(login).toEqual({ token: insomniaSessionEnv.json.id, key: deriveKey.derivedKeyHex });
    for (const sealed of [
      sealedBox.pasteToken,
      ` ${sealedBox.pasteToken}\n`,
      encodeURIComponent(sealedBox.pasteToken),
    ])
      expect(openLogin(sealed, app)).toEqual(login);
    expect(finishLoginLink(sealedBox.sealedB64)).toBe(sealedBox.deepLink);
    expect(sealedBox.env).toEqual({ INSOMNIA_PUBLIC_KEY: app.publicKey, INSOMNIA_SECRET_KEY: app.secretKey });
  });

  it('seals the same way for keys of this run', () => {
    const keys = newLoginKeys();
    expect(openLogin(sealLogin(login, keys.publicKey), keys)).toEqual(login);
    expect(sealLogin(login, keys.publicKey)).not.toBe(sealLogin(login, keys.publicKey));
  });

  it('needs both token and key', () => {
    const keys = newLoginKeys();
    const half = sealLogin({ token: 'sess_x', key: '' }, keys.publicKey);
    expect(() => openLogin(half, keys)).toThrow(expect.objectContaining({ kind: 'malformed' }));
  });
});
