import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ends } from '../../test/processes.js';
import { spawnGuarded } from './guarded.js';
import { identityOf } from './identity.js';
import { endLeftover } from './leftover.js';
import { temporaryDir } from './temporary-dir.js';
import { until } from './until.js';

let dir: string;

beforeEach(() => {
  dir = temporaryDir('guarded');
});

afterEach(() => rmSync(dir, { recursive: true }));

const command = (...words: [string, ...string[]]): Parameters<typeof spawnGuarded>[0] => ({
  name: 'test',
  command: words,
  log: join(dir, 'log'),
  record: join(dir, '.process'),
  stopSignal: 'SIGTERM',
  graceMs: 400,
});

const logged = (text: string): Promise<true | undefined> =>
  until(() => readFileSync(join(dir, 'log'), 'utf8').includes(text), 20_000);

describe('a guarded process', () => {
  it('is the program itself, with its exit code and its output', async () => {
    const { child, exited } = await spawnGuarded(command('sh', '-c', 'echo "I am $$"; exit 7'));
    expect(await exited).toBe(7);
    expect(readFileSync(join(dir, 'log'), 'utf8')).toBe(`I am ${child.pid}\n`);
  });

  it('leads a session of its own and may be interrupted', async () => {
    const { child, exited } = await spawnGuarded(
      command('sh', '-c', `trap 'echo int; exit 3' INT; echo on; while :; do sleep 0.1; done`),
    );
    expect(await logged('on')).toBe(true);
    const pid = child.pid ?? 0;
    process.kill(-pid, 0); // fails unless it leads a group
    process.kill(pid, 'SIGINT');
    expect(await exited).toBe(3);
  });

  it('says so when there is no such program', async () => {
    const { exited } = await spawnGuarded(command('tidemark-no-such-program'));
    expect([126, 127]).toContain(await exited); // 126 when a folder of the PATH is closed to us
    expect(await logged('tidemark-no-such-program')).toBe(true);
  });

  it('is ended by force when it ignores the signal and the other end of its pipe is closed', async () => {
    const { child } = await spawnGuarded(
      command('sh', '-c', `trap '' TERM; echo deaf; while :; do sleep 0.1; done`),
    );
    expect(await logged('deaf')).toBe(true);
    child.stdin?.destroy(); // as the kernel does when we die
    expect(await ends(child.pid ?? 0)).toBe(true);
  });

  it('does not begin when we die before its pid is on record', async () => {
    const shell = spawn('/bin/sh', [
      '-c',
      guardText(),
      'test',
      'TERM',
      '2',
      'sh',
      '-c',
      `echo begun > ${dir}/begun`,
    ]);
    const ended = once(shell, 'exit');
    shell.stdin.end();
    expect(await ended).toEqual([0, null]);
    expect(() => readFileSync(join(dir, 'begun'))).toThrow('ENOENT');
  });
});

function guardText(): string {
  const source = readFileSync(join(import.meta.dirname, 'guarded.ts'), 'utf8');
  return source.slice(
    source.indexOf('const guard = `') + 15,
    source.indexOf('`;', source.indexOf('const guard = `')),
  );
}

describe('a process that outlived the one that started it', () => {
  it('is ended by the next start, and another process with its pid is not', async () => {
    const { child, exited } = await spawnGuarded(command('sleep', '600'));
    const pid = child.pid ?? 0;
    const told = readFileSync(join(dir, '.process'), 'utf8');
    expect(JSON.parse(told)).toMatchObject({ pid, identity: identityOf(pid) });
    await endLeftover(join(dir, '.process'));
    expect(await exited).toBeNull();

    const stranger = await spawnGuarded(command('sleep', '600'));
    const record = readFileSync(join(dir, '.process'), 'utf8');
    const other = JSON.stringify({ ...(JSON.parse(record) as object), identity: 'of an earlier process' });
    writeFileSync(join(dir, '.process'), other);
    await endLeftover(join(dir, '.process'));
    expect(identityOf(stranger.child.pid ?? 0)).toBeDefined();
    stranger.child.kill('SIGKILL');
    await stranger.exited;
  });
});
