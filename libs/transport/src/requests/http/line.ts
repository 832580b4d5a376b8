import { unavailable } from '@tidemark/contracts';

interface Waiting {
  readonly enter: () => void;
  readonly refuse: (error: Error) => void;
}

/**
 * A number of places, and a line of limited length before them. Whoever finds the line full, or is still in it when the time is
 * over, is told UNAVAILABLE: nothing of theirs was sent.
 */
export class Line {
  readonly #waiting = new Set<Waiting>();
  #taken = 0;

  constructor(
    private readonly places: number,
    private readonly longest: number,
  ) {}

  /** Answers how to give the place back. */
  async enter(withinMs: number): Promise<() => void> {
    if (this.#taken < this.places) this.#taken++;
    else await this.#wait(withinMs);
    let inside = true;
    return () => {
      if (inside) this.#leave();
      inside = false;
    };
  }

  async #wait(withinMs: number): Promise<void> {
    if (this.#waiting.size >= this.longest) throw unavailable('Too many requests are waiting.');
    const { promise, resolve: enter, reject: refuse } = Promise.withResolvers<void>();
    const place = { enter, refuse };
    this.#waiting.add(place);
    const timer = setTimeout(() => refuse(unavailable('The request waited too long.')), withinMs);
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(place);
    }
  }

  /** The place goes to the one who waits longest, or is free. */
  #leave(): void {
    const [next] = this.#waiting;
    if (!next) this.#taken--;
    else {
      this.#waiting.delete(next);
      next.enter();
    }
  }
}
