import type { Benchmark } from './benchmark.js';
import { w10 } from './w10/w10.js';

export const benchmarks: readonly Benchmark[] = [w10];
