import { Inject, Injectable } from '@nestjs/common';
import { auditMessages, type ActorContext, type Place } from '@tidemark/contracts';
import { REQUESTS, type Requests } from '@tidemark/transport';
import { AtMost } from '../asking/at-most.js';

/** When a network drops, thousands of streams close in one moment; that must not fill the services for everybody else. */
const AT_ONCE = 8;
const TIMES = 3;

/** Where a session's streams of an organization have got to; kept by `audit`, so that every gateway knows it. */
@Injectable()
export class Places {
  readonly #line = new AtMost(AT_ONCE);

  constructor(@Inject(REQUESTS) private readonly requests: Requests) {}

  /** Null when the session has not had a stream of the organization yet. */
  async of(actor: ActorContext, org: string): Promise<number | null> {
    const message = { org, session: actor.session };
    const { seq } = await this.requests.send<Place>(auditMessages.place, message, {
      actor: { ...actor, org },
    });
    return seq;
  }

  /** Asked again when there is no answer: a place that is lost is told of twice. */
  async keep(actor: ActorContext, org: string, seq: number): Promise<void> {
    for (let time = 1; ; time++) {
      try {
        return await this.#line.run(() => this.send(actor, org, seq));
      } catch (error) {
        if (time === TIMES) throw error;
      }
    }
  }

  private async send(actor: ActorContext, org: string, seq: number): Promise<void> {
    const message = { org, session: actor.session, seq };
    await this.requests.send(auditMessages.keepPlace, message, { actor: { ...actor, org } });
  }
}
