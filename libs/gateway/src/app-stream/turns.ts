/** Work under one name is done one after the other. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  take<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(name) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.#last.set(name, mine);
    const end = () => this.end(name, mine);
    mine.then(end, end);
    return mine;
  }

  private end(name: string, last: Promise<unknown>): void {
    if (this.#last.get(name) === last) this.#last.delete(name);
  }
}
