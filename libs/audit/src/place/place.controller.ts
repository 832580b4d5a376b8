import { Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { auditMessages, GetPlace, KeepPlace, type ActorContext, type Place } from '@tidemark/contracts';
import type { Database } from '@tidemark/runtime';
import { Actor, mustBeOf, RequestHandlers } from '@tidemark/transport';
import { AUDIT_DATABASE } from '../audit.tokens.js';
import { keepPlace, placeOf } from './place.query.js';

@RequestHandlers()
export class PlaceController {
  constructor(@Inject(AUDIT_DATABASE) private readonly db: Database) {}

  @MessagePattern(auditMessages.place)
  async get(@Payload() message: GetPlace, @Actor() actor: ActorContext): Promise<Place> {
    mustBeOf(message.org, actor);
    return placeOf(this.db, message);
  }

  @MessagePattern(auditMessages.keepPlace)
  async keep(@Payload() message: KeepPlace, @Actor() actor: ActorContext): Promise<void> {
    mustBeOf(message.org, actor);
    await keepPlace(this.db, message);
  }
}
