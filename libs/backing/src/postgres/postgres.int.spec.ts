import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { ends } from '../../test/processes.js';
import { freePort } from '../process/ports.js';
import type { Running } from '../process/running.js';
import { temporaryDir } from '../process/temporary-dir.js';
import { startPostgres } from './postgres.js';

let dir: string;
let running: Running;

async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

const show = async (name: string): Promise<unknown> =>
  (await ask(running.url, `select current_setting('${name}') as value`))[0]?.['value'];

beforeAll(async () => {
  dir = temporaryDir('postgres');
  running = await startPostgres({ dataDir: dir, settings: { max_connections: '37' } });
});

afterAll(async () => {
  await running.stop();
  rmSync(dir, { recursive: true });
});

describe('Postgres from npm', () => {
  it('is version 18 or later, and its URL is that of the superuser in the database tidemark', async () => {
    const sql = `select current_database() as db, rolsuper from pg_roles where rolname = current_user`;
    expect(await ask(running.url, sql)).toEqual([{ db: 'tidemark', rolsuper: true }]);
    expect(Number(await show('server_version_num'))).toBeGreaterThanOrEqual(180_000);
  });

  it('keeps what it is told: checksums, fsync, UTF-8 sorted by code point', async () => {
    const names = ['data_checksums', 'fsync', 'full_page_writes', 'server_encoding', 'max_connections'];
    expect(await Promise.all(names.map(show))).toEqual(['on', 'on', 'on', 'UTF8', '37']);
    const provider = `select datlocprovider as p, datcollate as c, datlocale as l from pg_database where datname = 'tidemark'`;
    expect(await ask(running.url, provider)).toEqual([{ p: 'b', c: 'C', l: 'C.UTF-8' }]);
  });

  it('asks everybody for the password, which only its owner may read', async () => {
    const url = new URL(running.url);
    expect(url.password).toHaveLength(32);
    const file = join(dir, 'cluster', 'superuser.password');
    expect(readFileSync(file, 'utf8').trim()).toBe(url.password);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    url.password = 'wrong';
    await expect(ask(url.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
    expect(await ask(running.url, 'select distinct auth_method as m from pg_hba_file_rules')).toEqual([
      { m: 'scram-sha-256' },
    ]);
  });

  it('listens on 127.0.0.1 and nowhere else', async () => {
    expect([await show('listen_addresses'), await show('unix_socket_directories')]).toEqual([
      '127.0.0.1',
      '',
    ]);
    const elsewhere = new URL(running.url);
    elsewhere.hostname = '127.0.0.2';
    await expect(ask(elsewhere.href, 'select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('runs with extensions and a replication library that need the restored links', async () => {
    await ask(running.url, 'create extension pgcrypto');
    await ask(running.url, `load 'libpqwalreceiver'`);
  });

  it('refuses a second start on its folder and says who holds it', async () => {
    await expect(startPostgres({ dataDir: dir })).rejects.toMatchObject({
      kind: 'taken',
      message: expect.stringContaining(`process ${process.pid}`),
    });
  });

  it('runs beside others, and says when a port that was asked for is taken', async () => {
    const other = temporaryDir('postgres');
    const port = Number(new URL(running.url).port);
    await expect(startPostgres({ dataDir: other, port })).rejects.toMatchObject({ kind: 'port-taken' });
    const beside = await startPostgres({ dataDir: other });
    expect(await ask(beside.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await beside.stop();
    rmSync(other, { recursive: true });
  });
});

describe('Postgres, ended and started again on the same folder', () => {
  const again = temporaryDir('postgres');
  afterAll(() => rmSync(again, { recursive: true }));

  it('has what was committed, on the same port, after stop and after kill -9', async () => {
    const port = await freePort();
    const options = { dataDir: again, port };
    let server = await startPostgres(options);
    await ask(server.url, 'create table kept(n int)');
    for (const n of [1, 2, 3]) {
      await ask(server.url, `insert into kept values (${n})`);
      if (n === 1) await server.stop();
      else {
        server.kill('SIGKILL');
        expect(await server.exited).toBeNull();
      }
      server = await startPostgres(options);
      expect(await ask(server.url, 'select count(*)::int as n from kept')).toEqual([{ n }]);
    }
    await server.stop();
    expect(await ends(server.pid)).toBe(true);
  });

  it('stops with clients in transactions, and when it had been halted', async () => {
    const server = await startPostgres({ dataDir: again });
    const client = new pg.Client({ connectionString: server.url });
    client.on('error', () => {});
    await client.connect();
    await client.query('begin');
    server.kill('SIGSTOP');
    await Promise.all([server.stop(), server.stop()]);
    expect(await server.exited).toBe(0);
  });
});
