import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freshDatabase, type TestDatabase } from '@tidemark/testing';
import { silentLogger } from '../logging/logger.js';
import type { Database } from './database.js';
import type { ServiceSchema } from './migration.js';
import { openDatabase } from './postgres-database.js';
import { accountTable, installationTable, tenantTable } from './table-classes.js';

const service: ServiceSchema = {
  name: 'notes',
  migrations: [
    {
      name: '001-notes',
      sql: `
        create table notes (org text, id int, text text not null, primary key (org, id));
        ${tenantTable('notes')}
        grant select, insert, update, delete on notes to {{app}};
        create table cards (account text, id int, primary key (account, id));
        ${accountTable('cards')}
        grant select, insert on cards to {{app}};
        create table big (id bigint primary key);
        ${installationTable('big')}
        grant select, insert on big to {{app}};`,
    },
  ],
};

let test: TestDatabase;
let db: Database;
let appUrl: string;

beforeAll(async () => {
  test = await freshDatabase();
  ({ appUrl } = await test.migrated(service));
  db = openDatabase({ url: appUrl, name: 'test', max: 2, logger: silentLogger });
});

afterAll(async () => {
  await db?.close();
  await test?.drop();
});

const add = (org: string, id: number) =>
  db.tx({ tenant: org }, (tx) => tx.query(`insert into notes values ($1, $2, 'x')`, [org, id]));
const idsOf = (org: string) =>
  db.tx({ tenant: org }, async (tx) =>
    (await tx.query<{ id: number }>('select id from notes order by id')).map(({ id }) => id),
  );

describe('a transaction', () => {
  it('commits what its work did and shows it to its tenant only', async () => {
    await add('org_a', 1);
    expect(await idsOf('org_a')).toEqual([1]);
    expect(await idsOf('org_b')).toEqual([]);
  });

  it('is rolled back when its work throws, and the throw comes out unchanged', async () => {
    const reason = new Error('no');
    const failing = db.tx({ tenant: 'org_c' }, async (tx) => {
      await tx.query(`insert into notes values ('org_c', 1, 'x')`);
      throw reason;
    });
    await expect(failing).rejects.toBe(reason);
    expect(await idsOf('org_c')).toEqual([]);
  });

  it('does not let a row of another tenant in', async () => {
    const foreign = db.tx({ tenant: 'org_a' }, (tx) =>
      tx.query(`insert into notes values ('org_b', 1, 'x')`),
    );
    await expect(foreign).rejects.toThrow('row-level security');
  });

  it('fails when a failed statement in it was ignored', async () => {
    const careless = db.tx({ tenant: 'org_a' }, (tx) => tx.query('select 1/0').catch(() => 'ignored'));
    await expect(careless).rejects.toThrow('rolled back');
  });

  it('refuses statements after its end', async () => {
    const kept = await db.tx({}, async (tx) => tx);
    await expect(kept.query('select 1')).rejects.toThrow('has ended');
  });

  it('refuses an id that could be more than an id', async () => {
    await expect(db.tx({ tenant: `x'; drop table notes; --` }, async () => 1)).rejects.toThrow(
      'app.tenant_id must be an id',
    );
  });

  it('runs again after a deadlock', async () => {
    await add('org_d', 1);
    await add('org_d', 2);
    let meet = 0;
    const bothHoldOne = Promise.withResolvers<void>();
    const touch = (first: number, second: number) =>
      db.tx({ tenant: 'org_d' }, async (tx) => {
        await tx.query(`update notes set text = 'y' where id = $1`, [first]);
        if (++meet === 2) bothHoldOne.resolve();
        await bothHoldOne.promise;
        await tx.query(`update notes set text = 'z' where id = $1`, [second]);
      });
    await Promise.all([touch(1, 2), touch(2, 1)]);
    expect(meet).toBeGreaterThanOrEqual(3);
  });

  it('gives bigints as numbers and refuses those that do not fit', async () => {
    expect(await db.one('small', 'select 9007199254740991::bigint as n')).toEqual([{ n: 9007199254740991 }]);
    await expect(db.one('large', 'select 9007199254740993::bigint as n')).rejects.toThrow('without loss');
  });
});

describe('failures of the database', () => {
  const refused = (code: string) => expect.objectContaining({ name: 'DomainError', code });

  it('a killed connection saved nothing and says UNAVAILABLE', async () => {
    const killed = db.tx({ tenant: 'org_k' }, async (tx) => {
      await tx.query(`insert into notes values ('org_k', 1, 'x')`);
      await tx.query('select pg_terminate_backend(pg_backend_pid())');
    });
    await expect(killed).rejects.toEqual(refused('UNAVAILABLE'));
    expect(await idsOf('org_k')).toEqual([]);
  });

  it('a statement that takes too long says TIMEOUT', async () => {
    const slow = db.tx({}, async (tx) => {
      await tx.query(`set local statement_timeout = '50ms'`);
      await tx.query('select pg_sleep(30)');
    });
    await expect(slow).rejects.toEqual(refused('TIMEOUT'));
  });

  it('a server that does not answer says UNAVAILABLE, and the connection is not used again', async () => {
    const hasty = openDatabase({ url: appUrl, name: 'hasty', max: 1, logger: silentLogger, patienceMs: 200 });
    let stopped = 0;
    const stuck = hasty.tx({ tenant: 'org_s' }, async (tx) => {
      await tx.query(`insert into notes values ('org_s', 1, 'x')`);
      const [backend] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
      stopped = backend!.pid;
      process.kill(stopped, 'SIGSTOP');
      await tx.query('select 1');
    });
    await expect(stuck).rejects.toEqual(refused('UNAVAILABLE'));
    process.kill(stopped, 'SIGCONT');
    expect(await hasty.one('mine', 'select pg_backend_pid() as pid')).not.toEqual([{ pid: stopped }]);
    await hasty.close();
    expect(await idsOf('org_s')).toEqual([]);
  });

  it('a COMMIT whose reply is lost is not confirmed', async () => {
    await test.asOwner(`
      create function notes.kill_at_commit() returns trigger language plpgsql as $$
        begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$;
      create constraint trigger late after insert on notes.notes deferrable initially deferred
        for each row when (new.text = 'kill at commit') execute function notes.kill_at_commit()`);
    const unknown = db.tx({ tenant: 'org_u' }, (tx) =>
      tx.query(`insert into notes values ('org_u', 1, 'kill at commit')`),
    );
    await expect(unknown).rejects.toEqual(refused('TIMEOUT'));
    await expect(unknown).rejects.toThrow('Not confirmed. It is safe to try again.');
  });

  it('a COMMIT that the server refuses saved nothing and says what the server said', async () => {
    await test.asOwner('alter table notes.notes add unique (org, text) deferrable initially deferred');
    const twice = db.tx({ tenant: 'org_t' }, (tx) =>
      tx.query(`insert into notes values ('org_t', 1, 'same'), ('org_t', 2, 'same')`),
    );
    await expect(twice).rejects.toEqual(expect.objectContaining({ code: '23505' }));
    expect(await idsOf('org_t')).toEqual([]);
    await test.asOwner('alter table notes.notes drop constraint notes_org_text_key');
  });

  it('a single statement whose connection dies is not confirmed', async () => {
    const killed = db.one('die', 'select pg_terminate_backend(pg_backend_pid())');
    await expect(killed).rejects.toEqual(refused('TIMEOUT'));
    await expect(db.one('alive', 'select 1 as n')).resolves.toEqual([{ n: 1 }]);
  });

  it('a server that is not there says UNAVAILABLE', async () => {
    const nobody = openDatabase({
      url: 'postgres://a:b@127.0.0.1:1/x',
      name: 't',
      max: 1,
      logger: silentLogger,
    });
    await expect(nobody.one('n', 'select 1')).rejects.toEqual(refused('UNAVAILABLE'));
    await expect(nobody.tx({}, async () => 1)).rejects.toEqual(refused('UNAVAILABLE'));
    await nobody.close();
  });

  it('a full pool says UNAVAILABLE', async () => {
    const gate = Promise.withResolvers<void>();
    const holders = [1, 2].map(() => db.tx({}, () => gate.promise));
    await expect(db.one('n1', 'select 1')).rejects.toEqual(refused('UNAVAILABLE'));
    gate.resolve();
    await Promise.allSettled(holders);
  });

  it('a read-only server says UNAVAILABLE', async () => {
    const write = db.tx({ tenant: 'org_a' }, async (tx) => {
      await tx.query('set transaction read only');
      await tx.query(`insert into notes values ('org_a', 77, 'x')`);
    });
    await expect(write).rejects.toEqual(refused('UNAVAILABLE'));
  });
});
