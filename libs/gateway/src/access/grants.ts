import { Inject, Injectable } from '@nestjs/common';
import { projectMessages, type Access, type ActorContext } from '@tidemark/contracts';
import { REQUESTS, type Requests } from '@tidemark/transport';
import { Recent } from '../asking/recent.js';

const KEPT_MS = 4_000;
const MOST_KEPT = 20_000;

/** What an account may reach: `orgs` says it, and each answer holds for a moment. */
@Injectable()
export class Grants {
  readonly #recent = new Recent<Access>(KEPT_MS, MOST_KEPT);

  constructor(@Inject(REQUESTS) private readonly requests: Requests) {}

  /** Throws NOT_FOUND for an organization or project that is not the actor's to see. */
  access(actor: ActorContext, org: string, project?: string): Promise<Access> {
    return this.#recent.get(keyOf(actor, org, project), () => this.ask(actor, org, project));
  }

  forget(): void {
    this.#recent.forget();
  }

  private ask(actor: ActorContext, org: string, project?: string): Promise<Access> {
    const payload = project === undefined ? { org } : { org, project };
    return this.requests.send(projectMessages.access, payload, { actor });
  }
}

const keyOf = ({ account }: ActorContext, org: string, project = '') => `${account} ${org} ${project}`;
