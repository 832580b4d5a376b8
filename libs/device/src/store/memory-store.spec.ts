import { storeContract } from '../../test/store.contract.js';
import { MemoryStore } from './memory-store.js';

describe('a store in memory', () => storeContract(async () => new MemoryStore()));
