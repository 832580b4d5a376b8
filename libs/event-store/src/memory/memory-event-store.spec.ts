import { describe, it } from '@jest/globals';
import { eventStoreChecks } from '../contract/event-store.contract.js';
import { memoryHarness } from './memory-harness.js';

describe('the memory event store', () => {
  it.each(eventStoreChecks)('$name', ({ run }) => run(memoryHarness));
});
