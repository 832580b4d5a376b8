import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ends, holder } from '../../test/processes.js';
import { askSocket } from '../process/ask-socket.js';
import { freePort } from '../process/ports.js';
import { temporaryDir } from '../process/temporary-dir.js';
import { redisProgram } from './redis-program.js';
import { startRedis } from './redis.js';

jest.setTimeout(180_000); // with a cold cache it is fetched first

let dir: string;

beforeEach(() => {
  dir = temporaryDir('redis');
});

afterEach(() => rmSync(dir, { recursive: true }));

async function ask(url: string, line: string): Promise<string | undefined> {
  const whole = (answer: Buffer): boolean => answer.toString().endsWith('\r\n');
  return (await askSocket(Number(new URL(url).port), Buffer.from(`${line}\r\n`), whole))?.toString().trim();
}

describe('Redis', () => {
  it('answers, keeps nothing over a restart and comes back on its port after kill -9', async () => {
    const port = await freePort();
    const first = await startRedis({ dataDir: dir, port });
    expect(await ask(first.url, 'SET a 1')).toBe('+OK');
    expect(await ask(first.url, 'CONFIG GET maxmemory-policy')).toContain('noeviction');
    first.kill('SIGKILL');
    expect(await first.exited).toBeNull();
    const second = await startRedis({ dataDir: dir, port });
    expect(second.url).toBe(first.url);
    expect(await ask(second.url, 'GET a')).toBe('$-1');
    await second.stop();
    expect(await second.exited).toBe(0);
  });

  it('says when its port is taken', async () => {
    const first = await startRedis({ dataDir: dir });
    const port = Number(new URL(first.url).port);
    const second = startRedis({ dataDir: join(dir, 'second'), port, settings: { databases: '1' } });
    await expect(second).rejects.toMatchObject({ kind: 'port-taken' });
    await first.stop();
  });

  it('ends after kill -9 of the process that started it', async () => {
    const { said, kill9 } = await holder('redis', { dataDir: dir });
    expect(await ask(said.url, 'PING')).toBe('+PONG');
    await kill9();
    expect(await ends(said.pid)).toBe(true);
  });

  it('is the one of the machine if there is one', async () => {
    const bin = join(dir, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'redis-server'), '', { mode: 0o755 });
    expect(await redisProgram(dir, { PATH: `/nowhere:${bin}` })).toEqual([join(bin, 'redis-server')]);
  });
});
