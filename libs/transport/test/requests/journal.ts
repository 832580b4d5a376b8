/** What the handlers of the contract did, and the gate that holds them. One per application. */
export class Journal {
  readonly runs: string[] = [];
  readonly effects = new Set<string>();
  finished = 0;
  #gate = Promise.withResolvers<void>();
  #watchers: (() => void)[] = [];

  ran(what: string): void {
    this.runs.push(what);
    this.#tell();
  }

  finish(): void {
    this.finished++;
    this.#tell();
  }

  get opened(): Promise<void> {
    return this.#gate.promise;
  }

  openGate(): void {
    this.#gate.resolve();
  }

  reset(): void {
    this.#gate = Promise.withResolvers<void>();
    this.runs.length = 0;
    this.effects.clear();
    this.finished = 0;
  }

  /** Waits for a state; the deadline is far above what any machine needs. */
  async until(state: (journal: Journal) => boolean, withinMs = 10_000): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const look = () => state(this) && resolve();
    const timer = setTimeout(
      () => reject(new Error('the handlers never came to the awaited state')),
      withinMs,
    );
    this.#watchers.push(look);
    look();
    await promise.finally(() => {
      clearTimeout(timer);
      this.#watchers = this.#watchers.filter((watcher) => watcher !== look);
    });
  }

  #tell(): void {
    for (const watcher of this.#watchers) watcher();
  }
}
