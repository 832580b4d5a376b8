import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const text = (path: string): string => readFileSync(join(root, path), 'utf8');
const vectors = JSON.parse(text('test/vectors/insomnia.json')) as Record<string, unknown>;

/** Where each group of vectors is held against the libraries, and where against the running product. */
const usedIn: Record<string, string[]> = {
  deriveKey: ['libs/e2ee/src/passphrase.spec.ts'],
  accountKeys: ['libs/e2ee/src/account-keys.spec.ts'],
  aesGcmText: ['libs/e2ee/src/aes-message.spec.ts'],
  encryptedValues: [
    'libs/e2ee/src/aes-message.spec.ts',
    'test/e2e/scenarios.e2e.spec.ts',
    'test/e2e/vectors.e2e.spec.ts',
  ],
  whoami: ['libs/e2ee/src/account-keys.spec.ts', 'test/e2e/vectors.e2e.spec.ts'],
  newerApp: ['libs/gateway/src/insomnia/insomnia.int.spec.ts', 'test/e2e/vectors.e2e.spec.ts'],
  insomniaSessionEnv: ['libs/e2ee/src/app-session.spec.ts', 'test/e2e/vectors.e2e.spec.ts'],
  sealedBox: ['libs/e2ee/src/login-box.spec.ts'],
  projectKey: ['libs/e2ee/src/file-key.spec.ts'],
  blobs: ['libs/e2ee/src/blob.spec.ts', 'test/e2e/vectors.e2e.spec.ts'],
  snapshots: ['libs/e2ee/src/blob.spec.ts', 'test/e2e/vectors.e2e.spec.ts'],
  branchCompare: ['libs/device/src/model/history.spec.ts'],
  branchNames: ['libs/branches/src/branch/branch-name.spec.ts', 'test/e2e/vectors.e2e.spec.ts'],
  wire: ['libs/gateway/src/graphql/graphql.int.spec.ts', 'test/e2e/vectors.e2e.spec.ts'],
  graphqlErrors: ['libs/gateway/src/graphql/graphql.int.spec.ts', 'test/e2e/vectors.e2e.spec.ts'],
  absentFile: ['libs/gateway/src/graphql/graphql.int.spec.ts', 'test/e2e/vectors.e2e.spec.ts'],
};

/** They say where the vectors come from. */
const aboutThem = ['about', 'generatedBy'];

describe('the vectors of the protocol', () => {
  it('are all used', () => {
    expect(Object.keys(usedIn).sort()).toEqual(
      Object.keys(vectors)
        .filter((name) => !aboutThem.includes(name))
        .sort(),
    );
  });

  it.each(Object.entries(usedIn))('%s is used in %j', (name, files) => {
    for (const file of files) expect(text(file)).toMatch(new RegExp(`\\b${name}\\b`));
  });
});
