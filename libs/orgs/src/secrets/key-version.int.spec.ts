import { randomBytes } from 'node:crypto';
import { keyRing } from '@tidemark/runtime';
import { freshDatabase } from '@tidemark/testing';
import { servedOrgs } from '../../test/served-orgs.js';

const ring = (current: string, keys: Record<string, Buffer>) =>
  keyRing(
    JSON.stringify({
      current,
      keys: Object.fromEntries(Object.entries(keys).map(([name, key]) => [name, key.toString('base64')])),
    }),
  );

it('a newer key in the ring locks nobody out; a ring without the old one does not start', async () => {
  const database = await freshDatabase();
  const reopened = { ...database, drop: async () => undefined };
  const [first, second] = [randomBytes(32), randomBytes(32)];
  try {
    const before = await servedOrgs(reopened, { keys: ring('1', { 1: first }) });
    const { account, token } = await before.signUp();
    await before.close();
    const after = await servedOrgs(reopened, { keys: ring('2', { 1: first, 2: second }) });
    expect((await after.authenticate(token)).account).toBe(account.id);
    expect((await after.signIn(account.email)).account).toEqual(account);
    await expect(after.signUp({ email: account.email })).rejects.toMatchObject({ code: 'CONFLICT' });
    await after.close();
    await expect(servedOrgs(reopened, { keys: ring('2', { 2: second }) })).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('no key 1'),
    });
  } finally {
    await database.drop();
  }
});
