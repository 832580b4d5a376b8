import { unavailable } from '@tidemark/contracts';

/**
 * Lets only some in at a time. Those who guess by one address wait for each other in the database; without this they
 * would hold every connection while they wait, and everybody else with them.
 */
export class Turnstile {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(
    places: number,
    private readonly longestLine = 500,
  ) {
    this.#free = Math.max(1, places);
  }

  async through<T>(work: () => Promise<T>): Promise<T> {
    await this.#enter();
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  async #enter(): Promise<void> {
    if (this.#free > 0) {
      this.#free--;
      return;
    }
    if (this.#waiting.length >= this.longestLine) throw unavailable('Too many sign in at this moment.');
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** The place goes straight to the next in line. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free++;
  }
}
