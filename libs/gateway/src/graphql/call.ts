import { LONGEST_WAIT_MS, type Requests } from '@tidemark/transport';
import { type Access, type ActorContext, type Authenticated, notConfirmed } from '@tidemark/contracts';
import type { Grants } from '../access/grants.js';

/** A little less than the wait of a whole request, so that the answer says what happened instead of breaking off. */
const WITHIN_MS = LONGEST_WAIT_MS - 1_000;

/** One operation under way: who asks, how much longer they wait, and the way to the services. */
export class Call {
  readonly #endsAt = performance.now() + WITHIN_MS;

  constructor(
    private readonly requests: Requests,
    private readonly grants: Grants,
    readonly actor: ActorContext,
    readonly session: Authenticated,
    readonly client: string,
  ) {}

  /** `org`: on what belongs to this organization, after access to it was granted. */
  send<Reply>(pattern: string, payload: unknown, org?: string): Promise<Reply> {
    const timeoutMs = Math.floor(this.#endsAt - performance.now());
    if (timeoutMs < 1) return Promise.reject(notConfirmed());
    const actor = org === undefined ? this.actor : { ...this.actor, org };
    return this.requests.send(pattern, payload, { actor, timeoutMs });
  }

  access(org: string, project?: string): Promise<Access> {
    return this.grants.access(this.actor, org, project);
  }
}
