import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { holder, spawnHolder } from '../../test/processes.js';
import { temporaryDir } from '../process/temporary-dir.js';
import { until } from '../process/until.js';
import { defaultCacheDir, defaultDataDir, fetchedOnce } from './cache.js';

let dir: string;
const lines = (file: string): number => readFileSync(join(dir, file), 'utf8').trim().split('\n').length;

beforeEach(() => {
  dir = temporaryDir('cache');
});

afterEach(() => rmSync(dir, { recursive: true }));

describe('a thing of the cache', () => {
  it('is fetched once by processes that want it at the same moment', async () => {
    const crowd = Array.from({ length: 4 }, () => spawnHolder('fetch', { dataDir: dir }));
    await Promise.all(crowd.map((one) => one.said));
    await Promise.all(crowd.map((one) => one.kill9()));

    expect(lines('fetches')).toBe(1);
    expect(readFileSync(join(dir, 'thing', 'whole'), 'utf8')).toBe('yes');
  });

  it('is not there after a fetch that was killed, and the next fetch tidies up', async () => {
    const killed = spawnHolder('fetch', { dataDir: dir });
    expect(await until(() => existsSync(join(dir, 'fetches')), 20_000)).toBe(true);
    await killed.kill9();
    expect(existsSync(join(dir, 'thing'))).toBe(false);

    await (await holder('fetch', { dataDir: dir })).kill9();
    expect(readFileSync(join(dir, 'thing', 'whole'), 'utf8')).toBe('yes');
    expect(readdirSync(dir).filter((name) => name.includes('.part-'))).toEqual([]);
  });

  it('is not there after a fetch that failed', async () => {
    const make = async (): Promise<void> => {
      throw new Error('no way to the registry');
    };
    await expect(fetchedOnce(dir, 'thing', make)).rejects.toMatchObject({ kind: 'failed' });
    expect(readdirSync(dir)).toEqual(['.thing.lock']);
  });

  it('is made anew when it is not whole', async () => {
    mkdirSync(join(dir, 'thing'));
    const isGood = (made: string): boolean => existsSync(join(made, 'new'));
    await fetchedOnce(dir, 'thing', async (part) => void mkdirSync(join(part, 'new')), isGood);
    expect(readdirSync(join(dir, 'thing'))).toEqual(['new']);
  });
});

describe('where things are kept', () => {
  it('is the home of an ordinary user, unless the environment says otherwise', () => {
    expect(defaultCacheDir({ HOME: '/home/a' }, false)).toBe('/home/a/.cache/tidemark');
    expect(defaultCacheDir({ HOME: '/home/a', XDG_CACHE_HOME: '/c' }, false)).toBe('/c/tidemark');
    expect(defaultDataDir({ HOME: '/home/a' }, false)).toBe('/home/a/.local/share/tidemark');
  });

  it("is outside root's home, which nobody else may enter", () => {
    expect(defaultCacheDir({ HOME: '/root' }, true)).toBe('/var/cache/tidemark');
    expect(defaultDataDir({ HOME: '/root' }, true)).toBe('/var/lib/tidemark');
  });
});
