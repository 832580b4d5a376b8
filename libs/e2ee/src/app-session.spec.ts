import { vectorsText } from '../test/vectors.js';
import { appSession } from './app-session.js';

const vectors = JSON.parse(vectorsText);

const { whoami, insomniaSessionEnv, accountKeys } = vectors;

describe('a ready-made session', () => {
  it('is what the app reads', () => {
    const account = { ...whoami, id: whoami.accountId };
    const made = appSession(insomniaSessionEnv.json.id, account, accountKeys.symmetricKeyJwk);
    expect(JSON.parse(JSON.stringify(made))).toEqual(insomniaSessionEnv.json);
  });

  it('is not made of keys that the app could not use', () => {
    const account = { ...whoami, id: whoami.accountId, encPrivateKey: '{}' };
    const make = () => appSession('sess_x', account, accountKeys.symmetricKeyJwk);
    expect(make).toThrow(expect.objectContaining({ kind: 'malformed' }));
  });
});
