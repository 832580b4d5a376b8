import { Inject, Injectable } from '@nestjs/common';
import { orgsMessages, type ActorContext, type Organization, type Page } from '@tidemark/contracts';
import { REQUESTS, type Requests } from '@tidemark/transport';

const PAGE = 200;

/** The organizations of an account: all of them or an error, because the app forgets what is not in the list. */
@Injectable()
export class Organizations {
  constructor(@Inject(REQUESTS) private readonly requests: Requests) {}

  page(actor: ActorContext, limit: number, after?: string): Promise<Page<Organization>> {
    const message = after === undefined ? { limit } : { limit, after };
    return this.requests.send(orgsMessages.listOrganizations, message, { actor });
  }

  async all(actor: ActorContext): Promise<Organization[]> {
    const found: Organization[] = [];
    for (let after: string | undefined; ;) {
      const { items, next } = await this.page(actor, PAGE, after);
      found.push(...items);
      if (next === null) return found;
      after = next;
    }
  }

  get(actor: ActorContext, org: string): Promise<Organization> {
    return this.requests.send(orgsMessages.getOrganization, { org }, { actor });
  }
}
