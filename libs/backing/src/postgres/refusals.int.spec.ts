import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { asOwner, copyTree, kill9 } from '../../test/service-account.js';
import { isRoot } from '../process/folders.js';
import { freePort } from '../process/ports.js';
import { temporaryDir } from '../process/temporary-dir.js';
import { until } from '../process/until.js';
import { accountFor } from './account.js';
import { findBinaries } from './binaries.js';
import { startPostgres } from './postgres.js';

let whole: string; // a good data folder at rest
let dir: string; // a copy of it for each test
let cluster: string;
const made: string[] = [];

beforeAll(async () => {
  whole = temporaryDir('whole');
  await (await startPostgres({ dataDir: whole })).stop();
});

beforeEach(() => {
  dir = temporaryDir('refusals');
  made.push(dir);
  copyTree(whole, dir);
  cluster = join(dir, 'cluster');
});

afterAll(() => {
  for (const each of [whole, ...made]) rmSync(each, { recursive: true, force: true });
});

async function starts(): Promise<void> {
  await (await startPostgres({ dataDir: dir })).stop();
}

describe('Postgres refuses damaged data in one line', () => {
  it.each([
    ['PG_VERSION', 'PG_VERSION says nothing'],
    ['superuser.password', 'superuser.password'],
    ['global/pg_control', 'pg_control'],
    ['pg_wal', 'pg_wal'],
  ])('when %s is missing, and runs again once it is back', async (name, told) => {
    renameSync(join(cluster, name), join(dir, 'away'));
    const before = readdirSync(cluster).sort();
    await expect(startPostgres({ dataDir: dir })).rejects.toMatchObject({
      kind: 'damaged',
      message: expect.stringContaining(told),
    });
    expect(readdirSync(cluster).sort()).toEqual(before);
    renameSync(join(dir, 'away'), join(cluster, name));
    await starts();
  });

  it('when it was made by another major version', async () => {
    writeFileSync(join(cluster, 'PG_VERSION'), '15\n');
    const message = expect.stringContaining('says 15 instead of 18');
    await expect(startPostgres({ dataDir: dir })).rejects.toMatchObject({ kind: 'damaged', message });
  });

  it('when the server starts but its database cannot be read', async () => {
    for (const database of readdirSync(join(cluster, 'base'))) {
      truncateSync(join(cluster, 'base', database, 'pg_filenode.map'), 3);
    }
    const message = expect.stringContaining('pg_filenode.map');
    await expect(startPostgres({ dataDir: dir })).rejects.toMatchObject({ kind: 'damaged', message });
  });

  it('and tells a wrong setting from damage', async () => {
    const refused = startPostgres({ dataDir: dir, settings: { shared_buffers: 'lots' } });
    await expect(refused).rejects.toMatchObject({ kind: 'failed', message: expect.stringContaining('lots') });
  });
});

describe('a full disk', () => {
  it('is called that when the server cannot write', async () => {
    rmSync(join(cluster, 'postmaster.opts'));
    symlinkSync('/dev/full', join(cluster, 'postmaster.opts')); // the one place of Linux that is always full
    await expect(startPostgres({ dataDir: dir })).rejects.toMatchObject({
      kind: 'disk-full',
      message: expect.stringContaining('No space left on device'),
    });
    rmSync(join(cluster, 'postmaster.opts'));
    await starts();
  });
});

describe('the file of a postmaster that is no more', () => {
  const pidFile = (): string => join(cluster, 'postmaster.pid');

  it('does not stop a start when its pid belongs to another program now', async () => {
    const stranger = await asOwner(dir, 'sleep', ['600']);
    writeFileSync(
      pidFile(),
      `${stranger.pid}\n${cluster}\n1700000000\n5432\n\n127.0.0.1\n         0         0\nready   \n`,
    );
    await starts();
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
    await kill9(stranger);
  });

  it('does not stop a start when it is empty', async () => {
    writeFileSync(pidFile(), '');
    await starts();
  });

  it('keeps us away from a server that somebody started by hand', async () => {
    const { postgres } = await findBinaries(undefined, await accountFor(cluster));
    const settings = ['-c', `port=${await freePort()}`, '-c', 'unix_socket_directories='];
    const other = await asOwner(dir, postgres, ['-D', cluster, ...settings]);
    expect(
      await until(
        () => existsSync(pidFile()) && readFileSync(pidFile(), 'utf8').includes('ready'),
        20_000,
        50,
      ),
    ).toBe(true);
    const message = expect.stringContaining(`process ${other.pid}`);
    await expect(startPostgres({ dataDir: dir })).rejects.toMatchObject({ kind: 'taken', message });
    expect(other.exitCode ?? other.signalCode).toBeNull();
    await kill9(other);
    await starts();
  });
});

describe('a place that the account of the server cannot reach', () => {
  it('is refused with the folder that bars the way', async () => {
    const closed = join(dir, 'closed');
    mkdirSync(join(closed, 'data'), { recursive: true });
    chmodSync(closed, isRoot() ? 0o700 : 0o000);
    const refused = startPostgres({ dataDir: join(closed, 'data') });
    await expect(refused).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining(closed),
    });
    chmodSync(closed, 0o755);
  });
});
