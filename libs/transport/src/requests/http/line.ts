import { unavailable } from '@tidemark/contracts';

interface Waiting<Place> {
  readonly enter: (place: Place) => void;
  readonly refuse: (error: Error) => void;
}

export interface Taken<Place> {
  readonly place: Place;
  /** Gives the place back. */
  leave(this: void): void;
}

/**
 * A number of places, each made when it is first needed, and a line of limited length before them. The place that was
 * used last is taken first, so that what is not needed can rest. Whoever finds the line full, or is still in it when the time
 * is over, is told UNAVAILABLE: nothing of theirs was sent.
 */
export class Line<Place> {
  readonly #waiting = new Set<Waiting<Place>>();
  readonly #free: Place[] = [];
  readonly #made: Place[] = [];

  constructor(
    private readonly make: () => Place,
    private readonly most: number,
    private readonly longest: number,
  ) {}

  get made(): readonly Place[] {
    return this.#made;
  }

  async enter(withinMs: number): Promise<Taken<Place>> {
    const place = this.#free.pop() ?? this.#another() ?? (await this.#wait(withinMs));
    let inside = true;
    const leave = () => {
      if (inside) this.#leave(place);
      inside = false;
    };
    return { place, leave };
  }

  #another(): Place | undefined {
    if (this.#made.length >= this.most) return undefined;
    const place = this.make();
    this.#made.push(place);
    return place;
  }

  async #wait(withinMs: number): Promise<Place> {
    if (this.#waiting.size >= this.longest) throw unavailable('Too many requests are waiting.');
    const { promise, resolve: enter, reject: refuse } = Promise.withResolvers<Place>();
    const waiting = { enter, refuse };
    this.#waiting.add(waiting);
    const timer = setTimeout(() => {
      this.#waiting.delete(waiting);
      refuse(unavailable('The request waited too long.'));
    }, withinMs);
    return promise.finally(() => clearTimeout(timer));
  }

  /** The place goes to the one who waits longest, or is free. */
  #leave(place: Place): void {
    const [next] = this.#waiting;
    if (!next) this.#free.push(place);
    else {
      this.#waiting.delete(next);
      next.enter(place);
    }
  }
}
