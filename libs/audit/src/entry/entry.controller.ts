import { Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  auditMessages,
  GetHead,
  ListEntries,
  type ActorContext,
  type AuditEntry,
  type Page,
} from '@tidemark/contracts';
import type { Database } from '@tidemark/runtime';
import { Actor, mustBeOf, RequestHandlers } from '@tidemark/transport';
import { AUDIT_DATABASE } from '../audit.tokens.js';
import { headOf, listEntries } from './entry.query.js';

@RequestHandlers()
export class EntryController {
  constructor(@Inject(AUDIT_DATABASE) private readonly db: Database) {}

  @MessagePattern(auditMessages.listEntries)
  list(@Payload() message: ListEntries, @Actor() actor: ActorContext): Promise<Page<AuditEntry>> {
    mustBeOf(message.org, actor);
    return listEntries(this.db, message);
  }

  @MessagePattern(auditMessages.head)
  async head(@Payload() { org }: GetHead, @Actor() actor: ActorContext): Promise<{ seq: number }> {
    mustBeOf(org, actor);
    return { seq: await headOf(this.db, org) };
  }
}
