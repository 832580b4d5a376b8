import { MemoryEventStore, MemoryLogReader } from '../src/memory/memory-event-store.js';
import { MemoryLog } from '../src/memory/memory-log.js';
import type { EventStoreFactory } from './event-store.contract.js';

/** The log of the memory adapters is their disk: a crash leaves it and nothing else. */
export const memoryHarness: EventStoreFactory = async () => {
  const log = new MemoryLog();
  const harness = {
    store: new MemoryEventStore(log),
    reader: new MemoryLogReader(log),
    sequence: async () => log.sequence(),
    crash: async () => {
      harness.store = new MemoryEventStore(log);
      harness.reader = new MemoryLogReader(log);
    },
    close: async () => undefined,
  };
  return harness;
};
