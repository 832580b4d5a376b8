import { Inject, Injectable } from '@nestjs/common';
import { auditMessages, type ActorContext, type Place } from '@tidemark/contracts';
import { REQUESTS, type Requests } from '@tidemark/transport';

/** Where a session's streams of an organization have got to; kept by `audit`, so that every gateway knows it. */
@Injectable()
export class Places {
  constructor(@Inject(REQUESTS) private readonly requests: Requests) {}

  /** Null when the session has not had a stream of the organization yet. */
  async of(actor: ActorContext, org: string): Promise<number | null> {
    const message = { org, session: actor.session };
    const { seq } = await this.requests.send<Place>(auditMessages.place, message, {
      actor: { ...actor, org },
    });
    return seq;
  }

  async keep(actor: ActorContext, org: string, seq: number): Promise<void> {
    const message = { org, session: actor.session, seq };
    await this.requests.send(auditMessages.keepPlace, message, { actor: { ...actor, org } });
  }
}
