import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { accountMessages, NOBODY, notFound, type Authenticated } from '@tidemark/contracts';
import { REQUESTS, type Requests } from '@tidemark/transport';
import { Recent } from '../asking/recent.js';

/** With the time that an answer is under way it stays below the five seconds after which an ended session is refused. */
const KEPT_MS = 4_000;
const YOUNG_MS = 900;
const MOST_KEPT = 20_000;

/** Who a token belongs to. Kept under a hash: what lies in this process for long are no tokens. */
@Injectable()
export class Sessions {
  readonly #recent = new Recent<Authenticated>(KEPT_MS, MOST_KEPT);

  constructor(@Inject(REQUESTS) private readonly requests: Requests) {}

  authenticate(token: string, client: string, requestId: string): Promise<Authenticated> {
    return this.#recent.get(keyOf(token), () => this.ask(token, client, requestId));
  }

  /** For streams, which ask every few seconds: as it is now, in one question for all streams of a session. */
  async stillOf(org: string, token: string, client: string, requestId: string): Promise<Authenticated> {
    const ask = () => this.ask(token, client, requestId);
    const session = await this.#recent.get(keyOf(token), ask, YOUNG_MS);
    if (!session.organizations.includes(org)) throw notFound();
    return session;
  }

  /** This session has ended, or what it may reach has changed. */
  forget(token: string): void {
    this.#recent.forget(keyOf(token));
  }

  /** Sessions have ended here whose tokens nobody knows: no one is to be let in on old knowledge. */
  forgetAll(): void {
    this.#recent.forget();
  }

  private ask(token: string, client: string, requestId: string): Promise<Authenticated> {
    const actor = { account: NOBODY, requestId };
    return this.requests.send(accountMessages.authenticate, { token, client }, { actor });
  }
}

const keyOf = (token: string) => createHash('sha256').update(token).digest('base64');
