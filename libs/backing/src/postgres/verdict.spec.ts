import { describe, expect, it } from '@jest/globals';
import { answerVerdict, postgresVerdict } from './verdict.js';

const at = (line: string): string => `2026-01-01 00:00:00.000 UTC [1] ${line}`;

describe('what the log of Postgres means', () => {
  it.each([
    ['disk-full', 'FATAL:  could not write to file "pg_wal/xlogtemp.1": No space left on device'],
    ['disk-full', 'LOG:  could not write file "postmaster.opts": No space left on device'],
    ['disk-full', 'FATAL:  could not extend file "base/1/2691": wrote only 4096 of 8192 bytes at block 8'],
    ['port-taken', 'LOG:  could not bind IPv4 address "127.0.0.1": Address already in use'],
    ['taken', 'FATAL:  lock file "postmaster.pid" already exists'],
    ['taken', 'FATAL:  pre-existing shared memory block (key 1, ID 2) is still in use'],
    ['damaged', 'PANIC:  could not locate a valid checkpoint record at 0/1B80000'],
    ['damaged', 'FATAL:  incorrect checksum in control file'],
    ['damaged', 'FATAL:  could not open directory "pg_notify": No such file or directory'],
    ['unreachable', 'FATAL:  data directory "/d" has wrong ownership, Permission denied'],
    ['failed', 'FATAL:  invalid value for parameter "shared_buffers": "lots"'],
    ['failed', 'FATAL:  could not map anonymous shared memory: Cannot allocate memory'],
  ])('%s: %s', (kind, line) => {
    const log = [
      at('LOG:  starting PostgreSQL 18.4'),
      at('FATAL:  the database system is starting up'),
      at(line),
    ];
    const verdict = postgresVerdict('/data/cluster', log.join('\n'));
    expect(verdict.kind).toBe(kind);
    expect(verdict.message).toContain(line);
    expect(verdict.message).not.toContain('\n');
  });

  it('does not take for damage what it says to those who ask too early', () => {
    expect(postgresVerdict('/d', at('FATAL:  the database system is starting up')).kind).toBe('failed');
    expect(
      postgresVerdict('/d', at('FATAL:  terminating connection due to administrator command')).kind,
    ).toBe('failed');
  });

  it('prefers the cause to what follows from it', () => {
    const full = [at('PANIC:  could not write: No space left on device'), at('FATAL:  could not connect')];
    expect(postgresVerdict('/d', full.reverse().join('\n')).kind).toBe('disk-full');
  });
});

describe('what an error in answer to a question means', () => {
  it.each([
    ['XX001', 'damaged'],
    ['58P01', 'damaged'],
    ['28P01', 'damaged'],
    ['53100', 'disk-full'],
  ])('%s is hopeless: %s', (code, kind) => expect(answerVerdict('/d', code, 'text')?.kind).toBe(kind));

  it.each([['57P03'], ['ECONNREFUSED'], [undefined]])('%s is not', (code) =>
    expect(answerVerdict('/d', code, 'text')).toBeUndefined(),
  );
});
