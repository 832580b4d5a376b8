import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { barrier } from '../process/folders.js';
import { temporaryDir } from '../process/temporary-dir.js';
import { copyPlace, findBinaries } from './binaries.js';

const stranger = { uid: 64_321, gid: 64_321 };
let dir: string;

beforeEach(() => {
  dir = temporaryDir('binaries');
});

afterEach(() => rmSync(dir, { recursive: true }));

describe('the programs of Postgres for another account', () => {
  it('are a copy that runs, that everybody may read, and that is made once', async () => {
    const first = await findBinaries(dir, stranger);
    expect(execFileSync(first.postgres, ['--version'], { encoding: 'utf8' })).toContain(' 18.');
    const native = dirname(dirname(first.postgres));
    for (const path of readdirSync(native, { recursive: true }).map((name) => join(native, String(name)))) {
      const { mode } = statSync(path); // follows links, so none of them leads nowhere
      expect([path, mode & 0o444]).toEqual([path, 0o444]);
    }
    const made = statSync(first.postgres).ino;
    expect(statSync((await findBinaries(dir, stranger)).postgres).ino).toBe(made);
  });

  it('are copied anew when something of the copy is gone', async () => {
    const { postgres } = await findBinaries(dir, stranger);
    const library = join(dirname(dirname(postgres)), 'lib', 'postgresql', 'pgcrypto.so');
    truncateSync(library, 100);
    await findBinaries(dir, stranger);
    expect(statSync(library).size).toBeGreaterThan(100);
    expect(readdirSync(dir).filter((name) => name.includes('part'))).toEqual([]);
  });

  it('go where the account can reach them', () => {
    mkdirSync(join(dir, 'closed'), { mode: 0o700 });
    expect(copyPlace(join(dir, 'closed', 'cache'), stranger)).toBe('/var/cache/tidemark');
    expect(copyPlace(join(dir, 'open', 'cache'), stranger)).toBe(join(dir, 'open', 'cache'));
    expect(copyPlace(join(dir, 'closed', 'cache'), undefined)).toBe(join(dir, 'closed', 'cache'));
  });
});

describe('the programs of Postgres for ourselves', () => {
  it('run, in place if their package may be completed, else as a copy', async () => {
    const { initdb } = await findBinaries(dir, undefined);
    expect(existsSync(join(dirname(dirname(initdb)), 'lib', 'libpq.so.5'))).toBe(true);
    expect(execFileSync(initdb, ['--version'], { encoding: 'utf8' })).toContain(' 18.');
  });
});

describe('a barrier', () => {
  it('is the first folder on the way that the account may not enter', () => {
    mkdirSync(join(dir, 'a', 'b'), { recursive: true, mode: 0o755 });
    expect(barrier(join(dir, 'a', 'b'), stranger)).toBeUndefined();
    mkdirSync(join(dir, 'a', 'b', 'c', 'd'), { recursive: true, mode: 0o700 });
    expect(barrier(join(dir, 'a', 'b', 'c', 'd'), stranger)).toBe(join(dir, 'a', 'b', 'c'));
  });
});
