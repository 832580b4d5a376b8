import { describe, expect, it } from '@jest/globals';
import { isLoopback, staysHere } from './loopback.js';

describe('loopback', () => {
  it.each(['127.0.0.1', '127.8.9.10', '::1', '[::1]', 'localhost', 'tidemark.localhost'])('%s', (host) => {
    expect(isLoopback(host)).toBe(true);
  });

  it.each(['0.0.0.0', '::', '10.0.0.1', '128.0.0.1', 'localhost.example.org', '127.0.0.1.example.org', ''])(
    'not %s',
    (host) => {
      expect(isLoopback(host)).toBe(false);
    },
  );
});

describe('a process stays on this machine', () => {
  it('when it listens there and nobody is told another address', () => {
    expect(staysHere('127.0.0.1', undefined, 'http://localhost:7420')).toBe(true);
  });

  it('unless a proxy of this machine leads to it', () => {
    expect(staysHere('127.0.0.1', 'https://tidemark.example.org')).toBe(false);
  });

  it('unless it listens elsewhere', () => {
    expect(staysHere('0.0.0.0', 'http://127.0.0.1:7420')).toBe(false);
  });
});
