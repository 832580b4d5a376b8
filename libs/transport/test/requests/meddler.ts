import type { WireReply, WireRequest } from '../../src/requests/wire.js';

type Forward = (request: WireRequest) => Promise<WireReply>;

/** Stands on the way between the two sides and does to the next request what a network or an enemy could do. */
export class Meddler {
  #alter: ((request: WireRequest) => readonly WireRequest[]) | undefined;
  #loses = false;
  readonly replies: WireReply[] = [];

  /** The next request arrives as these, one after the other; the caller gets the first reply. */
  alterNext(alter: (request: WireRequest) => readonly WireRequest[]): void {
    this.#alter = alter;
  }

  loseNextReply(): void {
    this.#loses = true;
  }

  reset(): void {
    this.#alter = undefined;
    this.#loses = false;
    this.replies.length = 0;
  }

  /** Undefined when the reply is lost. */
  async pass(request: WireRequest, forward: Forward): Promise<WireReply | undefined> {
    const arriving = this.#alter?.(request) ?? [request];
    const loses = this.#loses;
    this.#alter = undefined;
    this.#loses = false;
    const replies: WireReply[] = [];
    for (const each of arriving) replies.push(await forward(each));
    this.replies.push(...replies);
    return loses ? undefined : replies[0];
  }
}
