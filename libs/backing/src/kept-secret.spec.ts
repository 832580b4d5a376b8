import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keptSecret } from './kept-secret.js';

describe('a kept secret', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'tidemark-secret-'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it('is made once', () => {
    expect(keptSecret(dir, 'key', () => 'first')).toBe('first');
    expect(keptSecret(dir, 'key', () => 'second')).toBe('first');
  });

  it('is for its owner alone, and leaves nothing beside it', () => {
    keptSecret(dir, 'key', () => 'first');
    expect(statSync(join(dir, 'key')).mode & 0o777).toBe(0o600);
    expect(readdirSync(dir)).toEqual(['key']);
  });

  it('is the one of whoever was quicker', () => {
    const slow = () => {
      writeFileSync(join(dir, 'key'), 'quicker\n');
      return 'slow';
    };
    expect(keptSecret(dir, 'key', slow)).toBe('quicker');
  });

  it('says what is wrong with its folder', () => {
    expect(() => keptSecret(join(dir, 'absent'), 'key', () => 'x')).toThrow(/cannot write .*absent/);
  });
});
