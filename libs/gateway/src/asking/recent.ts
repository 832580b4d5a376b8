interface Kept<T> {
  readonly askedAt: number;
  readonly answer: Promise<T>;
}

/**
 * Answers that were asked for a moment ago. Whoever asks while one is under way waits for the same one. Refusals are not
 * kept, and an answer ages from the moment of the question, not of its arrival.
 */
export class Recent<T> {
  readonly #kept = new Map<string, Kept<T>>();

  constructor(
    private readonly forMs: number,
    private readonly most: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** `withinMs`: an answer must not be older than this, where that is less than it may be. */
  get(key: string, ask: () => Promise<T>, withinMs = this.forMs): Promise<T> {
    const kept = this.#kept.get(key);
    if (kept && this.now() - kept.askedAt < Math.min(withinMs, this.forMs)) return kept.answer;
    return this.ask(key, ask);
  }

  private ask(key: string, ask: () => Promise<T>): Promise<T> {
    const entry = { askedAt: this.now(), answer: ask() };
    this.#kept.delete(key);
    this.#kept.set(key, entry);
    if (this.#kept.size > this.most) this.#kept.delete(this.#kept.keys().next().value!);
    entry.answer.catch(() => {
      if (this.#kept.get(key) === entry) this.#kept.delete(key);
    });
    return entry.answer;
  }

  forget(key?: string): void {
    if (key === undefined) this.#kept.clear();
    else this.#kept.delete(key);
  }
}
