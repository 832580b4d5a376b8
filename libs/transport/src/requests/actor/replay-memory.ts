/**
 * Remembers which tokens were used, each for `rememberMs` at least and for twice that at most. It counts time by a clock that
 * is never set. When it is full it says so: to forget would let a token in twice.
 */
export class ReplayMemory {
  #young = new Set<string>();
  #old = new Set<string>();
  #youngSince: number;

  constructor(
    private readonly rememberMs: number,
    private readonly capacity: number,
    private readonly elapsed: () => number = () => performance.now(),
  ) {
    this.#youngSince = elapsed();
  }

  /** The answer for a token seen for the first time is `new`, and from then on `seen`. */
  admit(id: string): 'new' | 'seen' | 'full' {
    this.#age();
    if (this.#young.has(id) || this.#old.has(id)) return 'seen';
    if (this.size >= this.capacity) return 'full';
    this.#young.add(id);
    return 'new';
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  #age(): void {
    const age = this.elapsed() - this.#youngSince;
    if (age < this.rememberMs) return;
    this.#old = age < 2 * this.rememberMs ? this.#young : new Set();
    this.#young = new Set();
    this.#youngSince = this.elapsed();
  }
}
