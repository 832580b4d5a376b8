import { openDatabase, silentLogger } from '@tidemark/runtime';
import { freshDatabase } from '@tidemark/testing';
import { servedOrgs } from '../test/served-orgs.js';
import { sweep } from './sweeper.task.js';

it('what says nothing any more is swept away, and nothing before it', async () => {
  const orgs = await servedOrgs(await freshDatabase());
  const db = openDatabase({ url: orgs.urls.appUrl, name: 'test', max: 1, logger: silentLogger });
  const rows = async (table: string) => (await orgs.database.asOwner(`select from orgs.${table}`)).length;
  const swept = async () => {
    await sweep({ db, logger: silentLogger, now: orgs.clock.now });
    return [await rows('guesses'), await rows('session_index')];
  };
  try {
    const { account } = await orgs.signUp({ address: 'a' });
    await expect(orgs.signIn(account.email, 'wrong', { address: 'a' })).rejects.toThrow();
    expect(await swept()).toEqual([2, 1]);
    orgs.clock.forward(3_600);
    expect(await swept()).toEqual([2, 1]);
    orgs.clock.forward(1);
    expect(await swept()).toEqual([0, 1]);
    orgs.clock.forward(56 * 86_400);
    expect(await swept()).toEqual([0, 0]);
  } finally {
    await db.close();
    await orgs.close();
  }
});
