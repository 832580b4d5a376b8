import { accountMessages, newSessionId, type SessionView } from '@tidemark/contracts';
import { freshDatabase } from '@tidemark/testing';
import { hex64, RING, servedOrgs, type ServedOrgs } from '../../test/served-orgs.js';
import { withStatements } from '../../test/statements.js';
import { Secrets } from '../secrets/secrets.js';

let orgs: ServedOrgs;
beforeAll(async () => {
  orgs = await servedOrgs(await freshDatabase());
});
afterAll(() => orgs.close());

const unauthorized = expect.objectContaining({ code: 'UNAUTHORIZED' });
const DAY = 86_400;
const gate = { parallel: 0, over: 0, most: 0, strings: 0, usable: 0 };
afterAll(() =>
  console.log(
    `GATE R24 signIns=${gate.parallel} mostDevices=${gate.most} over=${gate.over} strings=${gate.strings} usable=${gate.usable}`,
  ),
);

const listed = async (account: string) =>
  (await orgs.ask<{ items: SessionView[]; limit: number }>(accountMessages.listSessions, {}, { account }))
    .items;
const eventsOf = async (account: string) =>
  (
    await orgs.database.asOwner<{ type: string; data: { session?: string; reason?: string } }>(
      'select type, data from orgs.events where stream = $1 order by version',
      [`account-${account}`],
    )
  ).map(({ type, data }) => [type, data.session, data.reason].filter(Boolean));

describe('devices', () => {
  it('of 64 sign-ins at the same moment exactly as many get in as are allowed', async () => {
    const { account } = await orgs.signUp();
    const all = await Promise.allSettled(Array.from({ length: 64 }, () => orgs.startApp(account.id)));
    const made = all.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    const devices = (await listed(account.id)).filter(({ kind }) => kind === 'app');
    gate.parallel = all.length;
    gate.most = devices.length;
    gate.over = Math.max(0, devices.length - 3);
    expect(made.map(({ session }) => session).sort()).toEqual(devices.map(({ id }) => id).sort());
    expect(devices).toHaveLength(3);
    for (const outcome of all)
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'DEVICE_LIMIT' });
    for (const { token } of made) expect((await orgs.authenticate(token)).kind).toBe('app');
  });

  it('at the limit, of 16 that all end the same one, one takes its place', async () => {
    const { account } = await orgs.signUp();
    const before = [];
    for (let n = 0; n < 3; n++) before.push(await orgs.startApp(account.id));
    const end = before[0]!.session;
    const all = await Promise.allSettled(
      Array.from({ length: 16 }, () => orgs.startApp(account.id, { end })),
    );
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(orgs.authenticate(before[0]!.token)).rejects.toEqual(unauthorized);
    await orgs.authenticate(before[1]!.token);
    expect((await listed(account.id)).filter(({ kind }) => kind === 'app')).toHaveLength(3);
    expect((await eventsOf(account.id)).filter(([type]) => type === 'SessionEnded')).toEqual([
      ['SessionEnded', end, 'replaced'],
    ]);
  });

  it('that are refused end nothing', async () => {
    const one = await servedOrgs(await freshDatabase(), { deviceLimit: 2 });
    try {
      const { account } = await one.signUp();
      const kept = await one.startApp(account.id);
      await one.startApp(account.id);
      await expect(one.startApp(account.id)).rejects.toMatchObject({
        code: 'DEVICE_LIMIT',
        message: expect.stringContaining('2 devices'),
      });
      await expect(one.startApp(account.id, { end: newSessionId() })).rejects.toMatchObject({
        code: 'DEVICE_LIMIT',
      });
      await one.authenticate(kept.token);
    } finally {
      await one.close();
    }
  });

  it('of one account are not those of another', async () => {
    const [ada, eve] = [(await orgs.signUp()).account.id, (await orgs.signUp()).account.id];
    const { session, token } = await orgs.startApp(ada);
    await orgs.startApp(eve, { end: session });
    const end = (account: string) => orgs.ask(accountMessages.endSession, { session }, { account });
    await expect(end(eve)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await orgs.authenticate(token);
    expect(await end(ada)).toEqual({});
    await expect(orgs.authenticate(token)).rejects.toEqual(unauthorized);
    await expect(end(ada)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('do not count sessions of the website', async () => {
    const { account } = await orgs.signUp();
    for (let n = 0; n < 5; n++) await orgs.signIn(account.email);
    for (let n = 0; n < 3; n++) await orgs.startApp(account.id);
    expect(await listed(account.id)).toHaveLength(9);
  });
});

describe('a session', () => {
  it('is listed with what is known of it, newest first', async () => {
    const { account, session } = await orgs.signUp();
    orgs.clock.forward(1);
    const app = await orgs.startApp(account.id, { device: 'Büro', appVersion: '10.1.1' });
    const [first, second] = await listed(account.id);
    expect(first).toEqual({
      id: app.session,
      kind: 'app',
      device: 'Büro',
      appVersion: '10.1.1',
      createdAt: orgs.clock.now().toISOString(),
      lastSeenAt: orgs.clock.now().toISOString(),
      expiresAt: new Date(orgs.clock.now().getTime() + 14 * DAY * 1_000).toISOString(),
    });
    expect(second).toMatchObject({ id: session, kind: 'web', device: 'Firefox on Linux' });
  });

  it('is noted as seen, but not at each request', async () => {
    const { account } = await orgs.signUp();
    const { session, token } = await orgs.startApp(account.id, { appVersion: 'production::linux::10.1.1' });
    const seen = async () => (await listed(account.id)).find(({ id }) => id === session)!.lastSeenAt;
    const before = await seen();
    orgs.clock.forward(299);
    await orgs.authenticate(token);
    expect(await seen()).toBe(before);
    orgs.clock.forward(2);
    await orgs.authenticate(token);
    expect(await seen()).toBe(orgs.clock.now().toISOString());
  });

  it('shows the version of the app that used it last', async () => {
    const { account } = await orgs.signUp();
    const { session, token } = await orgs.startApp(account.id, { appVersion: 'from the page' });
    const shown = async () => (await listed(account.id)).find(({ id }) => id === session)!.appVersion;
    expect(await shown()).toBe('from the page');
    await orgs.authenticate(token);
    expect(await shown()).toBe('production::linux::10.1.1');
  });

  it('that nobody uses ends after 14 days, and one that is used after 56', async () => {
    const { account } = await orgs.signUp();
    const [used, idle] = [await orgs.startApp(account.id), await orgs.startApp(account.id)];
    for (let day = 0; day < 13; day++) {
      orgs.clock.forward(DAY);
      await orgs.authenticate(used.token);
    }
    orgs.clock.forward(DAY - 1);
    expect((await listed(account.id)).map(({ id }) => id)).toContain(idle.session);
    orgs.clock.forward(1);
    await expect(orgs.authenticate(idle.token)).rejects.toEqual(unauthorized);
    expect((await listed(account.id)).map(({ id }) => id)).toEqual([used.session]);
    for (let day = 14; day < 55; day++) {
      orgs.clock.forward(DAY);
      await orgs.authenticate(used.token);
    }
    orgs.clock.forward(DAY - 1);
    await orgs.authenticate(used.token);
    orgs.clock.forward(1);
    await expect(orgs.authenticate(used.token)).rejects.toEqual(unauthorized);
  });

  it('that ended by itself makes room', async () => {
    const { account } = await orgs.signUp();
    for (let n = 0; n < 3; n++) await orgs.startApp(account.id);
    orgs.clock.forward(14 * DAY);
    await orgs.signIn(account.email);
    for (let n = 0; n < 3; n++) await orgs.startApp(account.id);
    await expect(orgs.startApp(account.id)).rejects.toMatchObject({ code: 'DEVICE_LIMIT' });
  });

  it('is signed out by its token, as often as one likes', async () => {
    const { account, session, token } = await orgs.signUp();
    for (let n = 0; n < 2; n++) expect(await orgs.ask(accountMessages.signOut, { token })).toEqual({});
    await expect(orgs.authenticate(token)).rejects.toEqual(unauthorized);
    const ended = (await eventsOf(account.id)).filter(([type]) => type === 'SessionEnded');
    expect(ended).toEqual([['SessionEnded', session, 'signed-out']]);
  });

  it('that nobody has costs as many statements as one that has ended', async () => {
    const { token } = await orgs.signUp();
    await orgs.ask(accountMessages.signOut, { token });
    const ended = await withStatements(() => orgs.authenticate(token));
    const never = await withStatements(() => orgs.authenticate(`web_${'x'.repeat(43)}`));
    expect(never.statements).toEqual(ended.statements);
    expect(never.outcome).toEqual(ended.outcome);
  });

  it.each(['acct_nobody', 'acct_operator'])('is nothing that %s has', async (account) => {
    await expect(orgs.startApp(account)).rejects.toEqual(unauthorized);
    await expect(listed(account)).rejects.toEqual(unauthorized);
    await expect(orgs.ask(accountMessages.account, {}, { account })).rejects.toEqual(unauthorized);
  });
});

describe('what is kept', () => {
  it('opens nothing: no string in any table is a token, and no secret stands there', async () => {
    const passphrase = 'a marked passphrase';
    const { account, token } = await orgs.signUp({ authenticationKey: hex64(passphrase) });
    const app = await orgs.startApp(account.id);
    const kept = await everything();
    for (const secret of [token.slice(4), app.token.slice(5), hex64(passphrase), passphrase])
      for (const form of [
        secret,
        Buffer.from(secret).toString('hex'),
        Buffer.from(secret).toString('base64'),
      ])
        expect(kept).not.toContain(form);
    const strings = [...new Set(kept.replaceAll('\\\\x', ' ').match(/[\w+/=-]{32,64}/g))];
    gate.strings = strings.length;
    expect(strings).toContain(new Secrets(RING).tokenHash(app.token).toString('hex'));
    for (const text of strings) {
      for (const candidate of [text, Buffer.from(text, 'hex').toString('base64url')]) {
        const tail = candidate.replaceAll('+', '-').replaceAll('/', '_').slice(0, 43);
        if (!/^[\w-]{43}$/.test(tail)) continue;
        for (const kind of ['sess', 'web'])
          if (await orgs.authenticate(`${kind}_${tail}`).then(Boolean, () => false)) gate.usable++;
      }
    }
    expect(gate.usable).toBe(0);
    await orgs.authenticate(app.token);
  });

  it('of a person stands in one table for people and one for sessions, and in no event', async () => {
    const email = `marked.${Date.now()}@example.org`;
    const { account } = await orgs.signUp({ email, firstName: 'Marked-First', userAgent: 'Marked-Agent' });
    await orgs.startApp(account.id, { device: 'Marked-Device' });
    const where = async (text: string) => (await tables()).filter(({ rows }) => rows.includes(text));
    expect((await where(email)).map(({ name }) => name)).toEqual(['people']);
    expect((await where('Marked-First')).map(({ name }) => name)).toEqual(['people']);
    expect((await where('Marked-Agent')).map(({ name }) => name)).toEqual(['sessions']);
    expect((await where('Marked-Device')).map(({ name }) => name)).toEqual(['sessions']);
  });

  async function tables(): Promise<{ name: string; rows: string }[]> {
    const names = await orgs.database.asOwner<{ name: string }>(
      `select relname as name from pg_class where relnamespace = 'orgs'::regnamespace and relkind = 'r'`,
    );
    const dumps = names.map(async ({ name }) => {
      const rows = await orgs.database.asOwner<{ line: string }>(
        `select to_jsonb(t)::text as line from orgs.${name} t`,
      );
      return { name, rows: rows.map(({ line }) => line).join('\n') };
    });
    return Promise.all(dumps);
  }

  async function everything(): Promise<string> {
    return (await tables()).map(({ rows }) => rows).join('\n');
  }
});
