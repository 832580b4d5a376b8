import { readdirSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ends, holder, spawnHolder } from '../../test/processes.js';
import { identityOf } from '../process/identity.js';
import { temporaryDir } from '../process/temporary-dir.js';
import { until } from '../process/until.js';
import { startPostgres } from './postgres.js';

let dir: string;

beforeEach(() => {
  dir = temporaryDir('crashes');
});

afterEach(() => rmSync(dir, { recursive: true, force: true, maxRetries: 10 }));

/** A file under the folder whose path ends so. */
function seen(ending: string): boolean {
  try {
    return readdirSync(dir, { recursive: true }).some((path) => String(path).endsWith(ending));
  } catch {
    return false; // renamed while we looked
  }
}

describe('kill -9 of the process that started Postgres', () => {
  it.each([['.password'], ['PG_VERSION'], ['base/1/PG_VERSION'], ['cluster'], ['postmaster.pid']])(
    'during the first start, at the sight of %s, leaves no half-made cluster',
    async (sight) => {
      const first = spawnHolder('postgres', { dataDir: dir });
      expect(await until(() => seen(sight), 30_000, 2)).toBe(true);
      await first.kill9();

      const server = await startPostgres({ dataDir: dir });
      await server.stop();
      expect(readdirSync(dir).filter((name) => name.startsWith('cluster'))).toEqual(['cluster']);
    },
  );

  it('ends the server too', async () => {
    const { said, kill9 } = await holder('postgres', { dataDir: dir });
    await kill9();
    expect(await ends(said.pid)).toBe(true);
  });

  it('does not keep the next one from starting at once, and there are never two servers', async () => {
    for (let round = 0; round < 3; round++) {
      const { said, kill9 } = await holder('postgres', { dataDir: dir });
      await kill9();
      const next = await startPostgres({ dataDir: dir });
      expect(identityOf(said.pid)).toBeUndefined();
      await next.stop();
    }
  });

  it('also when the server was halted, so that only the guard can end it', async () => {
    const { said, kill9 } = await holder('postgres', { dataDir: dir });
    process.kill(said.pid, 'SIGSTOP');
    await kill9();
    expect(await ends(said.pid)).toBe(true);
  });
});

describe('several processes that start Postgres on one folder at the same moment', () => {
  it('get one server; the others are told who has it', async () => {
    const crowd = [1, 2, 3].map(() => spawnHolder('postgres', { dataDir: dir }));
    const answers = (await Promise.all(crowd.map((one) => one.said))).map(
      (line) => JSON.parse(line) as { pid?: number; url?: string; kind?: string; message?: string },
    );
    const won = answers.findIndex((answer) => answer.url !== undefined);
    const losers = answers.filter((_, index) => index !== won);
    expect(losers.map((answer) => answer.kind)).toEqual(['taken', 'taken']);
    for (const { message } of losers) expect(message).toContain(`process ${crowd[won]?.pid}`);
    await Promise.all(crowd.map((one) => one.kill9()));
    expect(await ends(answers[won]?.pid ?? 0)).toBe(true);
  });
});
