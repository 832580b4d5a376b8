import { vectorsText } from '../test/vectors.js';
import {
  aesMessageText,
  type AesMessage,
  decryptBytes,
  decryptText,
  encryptText,
  isAesMessage,
  parseAesMessage,
} from './aes-message.js';

const vectors = JSON.parse(vectorsText);

const { aesGcmText, encryptedValues } = vectors;

describe('an AES message', () => {
  it('opens as the app closed it', async () => {
    expect(await decryptText(aesGcmText.keyHex, aesGcmText.message)).toBe(aesGcmText.plaintext);
    const inside = await decryptBytes(aesGcmText.keyHex, aesGcmText.message);
    expect(new TextDecoder().decode(inside)).toBe(aesGcmText.uriEncoded);
  });

  it('is closed in the app’s way: percent-encoded, fresh IV, members in order', async () => {
    const message = await encryptText(aesGcmText.keyHex, aesGcmText.plaintext);
    expect(new TextDecoder().decode(await decryptBytes(aesGcmText.keyHex, message))).toBe(
      aesGcmText.uriEncoded,
    );
    expect(message.d).toHaveLength(aesGcmText.message.d.length);
    expect((await encryptText(aesGcmText.keyHex, aesGcmText.plaintext)).iv).not.toBe(message.iv);
    const { iv, t, d } = message;
    expect(aesMessageText({ d, ad: '', t, iv })).toBe(`{"iv":"${iv}","t":"${t}","ad":"","d":"${d}"}`);
    expect(parseAesMessage(aesMessageText(message, 2))).toEqual(message);
  });

  it.each<{ why: string; value: unknown; server: string }>(encryptedValues.messages)(
    '$why: $server',
    async ({ value, server }) => {
      expect(isAesMessage(value)).toBe(server === 'accept');
      const opened = decryptText(aesGcmText.keyHex, value as AesMessage);
      if (server === 'accept') expect(await opened).toBe(aesGcmText.plaintext);
      else await expect(opened).rejects.toMatchObject({ kind: 'malformed' });
    },
  );

  it.each(['d', 't', 'iv'])('with one digit of %s changed opens no more', async (member) => {
    const text: string = aesGcmText.message[member];
    const altered = { ...aesGcmText.message, [member]: (text.startsWith('a') ? 'b' : 'a') + text.slice(1) };
    await expect(decryptText(aesGcmText.keyHex, altered)).rejects.toMatchObject({ kind: 'undecryptable' });
  });

  it('does not open with another key', async () => {
    const other = vectors.accountKeys.symmetricKeyHex;
    await expect(decryptText(other, aesGcmText.message)).rejects.toMatchObject({ kind: 'undecryptable' });
  });

  it.each(['', '{', 'null', '[]', '"text"'])('is not %p', (text) => {
    expect(() => parseAesMessage(text)).toThrow(expect.objectContaining({ kind: 'malformed' }));
  });
});
