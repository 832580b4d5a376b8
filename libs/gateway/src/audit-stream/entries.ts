import { Inject, Injectable } from '@nestjs/common';
import {
  auditMessages,
  orgsMessages,
  type ActorContext,
  type AuditEntry,
  type Page,
} from '@tidemark/contracts';
import { REQUESTS, type Requests } from '@tidemark/transport';

/** What the gateway asks about an organization's audit: orgs says who may read, audit says what is there. */
@Injectable()
export class Entries {
  constructor(@Inject(REQUESTS) private readonly requests: Requests) {}

  /** Throws NOT_FOUND for whoever is not of the organization. */
  async mayRead(actor: ActorContext, org: string): Promise<void> {
    await this.requests.send(orgsMessages.getOrganization, { org }, { actor });
  }

  after(actor: ActorContext, org: string, after: number, limit: number): Promise<Page<AuditEntry>> {
    return this.requests.send(auditMessages.listEntries, { org, after, limit }, { actor: { ...actor, org } });
  }

  /** The number of the newest entry; 0 when there is none. */
  async head(actor: ActorContext, org: string): Promise<number> {
    const { seq } = await this.requests.send<{ seq: number }>(
      auditMessages.head,
      { org },
      { actor: { ...actor, org } },
    );
    return seq;
  }
}
