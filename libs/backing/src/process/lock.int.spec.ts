import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { holder, spawnHolder } from '../../test/processes.js';
import { lockDataDir } from './lock.js';
import { temporaryDir } from './temporary-dir.js';

let dir: string;

beforeEach(() => {
  dir = temporaryDir('lock');
});

afterEach(() => rmSync(dir, { recursive: true }));

describe('the lock of a data folder', () => {
  it('goes to exactly one of many processes that want it at the same moment', async () => {
    const crowd = Array.from({ length: 6 }, () => spawnHolder('lock', { dataDir: dir }));
    const said = await Promise.all(crowd.map((one) => one.said));
    await Promise.all(crowd.map((one) => one.kill9()));

    const answers = said.map((line) => JSON.parse(line) as { pid?: number; kind?: string; message?: string });
    const winners = answers.filter((answer) => answer.pid !== undefined);
    expect(winners).toHaveLength(1);
    const losers = answers.filter((answer) => answer.kind === 'taken');
    expect(losers).toHaveLength(5);
    for (const { message } of losers) expect(message).toContain(`process ${winners[0]?.pid}`);
  });

  it('is free again as soon as its holder is dead by kill -9', async () => {
    const first = await holder('lock', { dataDir: dir });
    await expect(lockDataDir(dir)).rejects.toMatchObject({ kind: 'taken' });
    await first.kill9();
    const lock = await lockDataDir(dir);
    lock.release();
  });

  it('holds within one process too, until it is released', async () => {
    const lock = await lockDataDir(dir);
    await expect(lockDataDir(dir)).rejects.toMatchObject({
      kind: 'taken',
      message: expect.stringContaining(`process ${process.pid}`),
    });
    lock.release();
    (await lockDataDir(dir)).release();
  });

  it('makes the folder if need be, and says so when it cannot', async () => {
    (await lockDataDir(join(dir, 'deep', 'er'))).release();
    await expect(lockDataDir(join('/proc', 'nothing', 'here'))).rejects.toMatchObject({
      name: 'BackingError',
    });
    await expect(lockDataDir(join(dir, 'deep', 'er', '.lock'))).rejects.toMatchObject({
      kind: 'unreachable',
    });
  });
});
