import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { accountMessages, NOBODY, type Authenticated } from '@tidemark/contracts';
import { REQUESTS, type Requests } from '@tidemark/transport';
import { Recent } from '../asking/recent.js';

/** With the time that an answer is under way it stays below the five seconds after which an ended session is refused. */
const KEPT_MS = 4_000;
const MOST_KEPT = 20_000;

/** Who a token belongs to. Kept under a hash: what lies in this process for long are no tokens. */
@Injectable()
export class Sessions {
  readonly #recent = new Recent<Authenticated>(KEPT_MS, MOST_KEPT);

  constructor(@Inject(REQUESTS) private readonly requests: Requests) {}

  authenticate(token: string, client: string, requestId: string): Promise<Authenticated> {
    return this.#recent.get(keyOf(token), () => this.ask(token, client, requestId));
  }

  /** As it is now, whatever was known. */
  authenticateAnew(token: string, client: string, requestId: string): Promise<Authenticated> {
    return this.#recent.ask(keyOf(token), () => this.ask(token, client, requestId));
  }

  /** A session has ended here, or what one may reach has changed: nobody is to be let in on old knowledge. */
  forget(): void {
    this.#recent.forget();
  }

  private ask(token: string, client: string, requestId: string): Promise<Authenticated> {
    const actor = { account: NOBODY, requestId };
    return this.requests.send(accountMessages.authenticate, { token, client }, { actor });
  }
}

const keyOf = (token: string) => createHash('sha256').update(token).digest('base64');
