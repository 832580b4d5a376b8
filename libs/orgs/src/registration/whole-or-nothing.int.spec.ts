import { setTimeout as pause } from 'node:timers/promises';
import { accountMessages, newCommandId, orgsMessages, projectMessages } from '@tidemark/contracts';
import { PostgresEventStore, verifyFolds } from '@tidemark/event-store';
import { MemoryHints, openDatabase, silentLogger } from '@tidemark/runtime';
import { freshDatabase } from '@tidemark/testing';
import { hex64, passphraseKeys, servedOrgs, signUpMessage, type ServedOrgs } from '../../test/served-orgs.js';
import { deciderOf } from '../decider-of.js';

let orgs: ServedOrgs;
beforeAll(async () => {
  orgs = await servedOrgs(await freshDatabase());
});
afterAll(() => orgs.close());

const WRITTEN = [
  ...['people', 'accounts', 'key_history', 'email_index', 'sessions', 'session_index', 'projects'],
  ...['mails', 'streams', 'commits', 'events'],
];

async function rows(): Promise<Record<string, number>> {
  const counts = WRITTEN.map(async (table) => {
    const [row] = await orgs.database.asOwner<{ n: number }>(`select count(*)::int as n from orgs.${table}`);
    return [table, row!.n];
  });
  return Object.fromEntries(await Promise.all(counts));
}

describe('a sign-up that fails', () => {
  beforeAll(async () => {
    await orgs.database.asOwner(
      `create function orgs.planted() returns trigger language plpgsql as $$ begin raise 'planted'; end $$`,
    );
  });

  it.each(WRITTEN)(
    'while it writes to %s leaves nothing behind, and works when it is sent again',
    async (table) => {
      const message = signUpMessage();
      const before = await rows();
      await orgs.database.asOwner(
        `create trigger planted before insert on orgs.${table} execute function orgs.planted()`,
      );
      await expect(orgs.ask(accountMessages.signUp, message)).rejects.toMatchObject({ code: 'INTERNAL' });
      await orgs.database.asOwner(`drop trigger planted on orgs.${table}`);
      expect(await rows()).toEqual(before);
      await orgs.ask(accountMessages.signUp, message);
      await orgs.signIn(message.email);
    },
  );
});

it('what is stored of every stream is what its events say', async () => {
  const { account, token, session } = await orgs.signUp();
  const actor = { account: account.id, session };
  const org = account.personalOrg;
  const app = await orgs.startApp(account.id);
  await orgs.ask(accountMessages.endSession, { session: app.session }, actor);
  const next = { authenticationKey: hex64('correct horse'), next: passphraseKeys('next') };
  await orgs.ask(accountMessages.changePassphrase, next, actor);
  const renamed = { org, name: 'Mine', command: newCommandId() };
  await orgs.ask(orgsMessages.renameOrganization, renamed, actor);
  const made = await orgs.ask<{ id: string }>(projectMessages.create, { org, name: 'Shop' }, actor);
  await orgs.ask(
    projectMessages.rename,
    { org, project: made.id, name: 'Store', command: newCommandId() },
    actor,
  );
  await orgs.ask(projectMessages.remove, { org, project: made.id, command: newCommandId() }, actor);
  await orgs.ask(accountMessages.signOut, { token });
  const [events] = await orgs.database.asOwner<{ n: number }>('select count(*)::int as n from orgs.events');
  while ((await orgs.log.head()) < events!.n) await pause(10);

  const db = openDatabase({ url: orgs.urls.appUrl, name: 'test', max: 1, logger: silentLogger });
  const store = new PostgresEventStore({ db, service: 'orgs', hints: new MemoryHints(silentLogger) });
  const { streams, differing } = await verifyFolds(store, orgs.log, deciderOf);
  await db.close();
  expect(streams).toBeGreaterThanOrEqual(4);
  expect(differing).toEqual([]);
});
