import { unavailable } from '@tidemark/contracts';

export interface AdmissionLimits {
  /** Requests at once; above that UNAVAILABLE. */
  readonly maxInFlight: number;
  /** Bytes of payload at once. One request is always let in, however large. */
  readonly maxBytesInFlight: number;
}

/** Who may come in: as many as fit, and nobody any more once the door closes. */
export class Admission {
  #open = false;
  #inFlight = 0;
  #bytes = 0;
  #whenEmpty: (() => void)[] = [];

  constructor(private readonly limits: AdmissionLimits) {}

  get isOpen(): boolean {
    return this.#open;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  open(): void {
    this.#open = true;
  }

  close(): void {
    this.#open = false;
  }

  /** Takes a place, and answers how to give it back. Throws UNAVAILABLE when there is none. */
  enter(bytes: number): () => void {
    if (!this.#open) throw unavailable('This service is starting or stopping.');
    const full =
      this.#inFlight >= this.limits.maxInFlight || this.#bytes + bytes > this.limits.maxBytesInFlight;
    if (full && this.#inFlight > 0) throw unavailable('This service is busy.');
    this.#inFlight++;
    this.#bytes += bytes;
    let inside = true;
    return () => {
      if (inside) this.#leave(bytes);
      inside = false;
    };
  }

  /** Resolves once nobody is inside. */
  async empty(): Promise<void> {
    if (this.#inFlight > 0) await new Promise<void>((resolve) => this.#whenEmpty.push(resolve));
  }

  #leave(bytes: number): void {
    this.#inFlight--;
    this.#bytes -= bytes;
    if (this.#inFlight === 0) for (const resolve of this.#whenEmpty.splice(0)) resolve();
  }
}
