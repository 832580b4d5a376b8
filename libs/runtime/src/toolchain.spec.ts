import { Injectable, Module } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import * as contracts from '@tidemark/contracts';

@Injectable()
class Clock {
  now() {
    return 42;
  }
}

@Injectable()
class Watch {
  constructor(private readonly clock: Clock) {}

  read() {
    return this.clock.now();
  }
}

@Module({ providers: [Clock, Watch] })
class WatchModule {}

describe('toolchain', () => {
  it('injects by the types that decorators record', async () => {
    const module = await Test.createTestingModule({ imports: [WatchModule] }).compile();
    expect(module.get(Watch).read()).toBe(42);
    await module.close();
  });

  it('takes a library from its sources', () => {
    expect(contracts).toBeDefined();
    expect(import.meta.resolve('@tidemark/contracts')).toMatch(/src\/index\.ts$/);
  });

  it('runs on Node 24', () => {
    expect(process.versions.node).toMatch(/^24\./);
  });
});
