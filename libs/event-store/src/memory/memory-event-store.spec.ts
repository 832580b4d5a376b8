import { describe, it } from '@jest/globals';
import { eventStoreChecks } from '../../test/event-store.contract.js';
import { memoryHarness } from '../../test/memory-harness.js';

describe('the memory event store', () => {
  it.each(eventStoreChecks)('$name', ({ run }) => run(memoryHarness));
});
