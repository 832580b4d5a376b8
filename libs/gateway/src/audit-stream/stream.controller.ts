import { Controller, Get, Headers, Inject, Param, Query, Req, Res, UseGuards } from '@nestjs/common';
import { DomainError, type ActorContext } from '@tidemark/contracts';
import type { FastifyReply } from 'fastify';
import { AccessGuard } from '../access/access.guard.js';
import { Actor } from '../access/actor.decorator.js';
import { clientOf, type KnownRequest } from '../access/known-request.js';
import { Sessions } from '../access/sessions.js';
import { OrgIdPipe } from '../organizations/org-id.pipe.js';
import { Entries } from './entries.js';
import { Listener } from './listener.js';
import { whenClosed } from './outlet.js';
import { Streams } from './streams.js';

@Controller('api/v1/organizations/:org/events')
@UseGuards(AccessGuard)
export class StreamController {
  constructor(
    @Inject(Entries) private readonly entries: Entries,
    @Inject(Streams) private readonly streams: Streams,
    @Inject(Sessions) private readonly sessions: Sessions,
  ) {}

  /** Goes on after `Last-Event-ID`; without one it begins with what comes next. */
  @Get()
  async listen(
    @Actor() actor: ActorContext,
    @Param('org', OrgIdPipe) org: string,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Query('after') after: string | undefined,
    @Req() request: KnownRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.entries.mayRead(actor, org);
    const cursor = cursorOf(lastEventId ?? after) ?? (await this.entries.head(actor, org));
    reply.hijack();
    reply.raw.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-request-id': actor.requestId,
    });
    const listener = new Listener(actor, reply.raw, cursor, this.recheckOf(request, org));
    listener.beat();
    whenClosed(reply.raw, this.streams.join(org, listener));
  }

  private recheckOf(request: KnownRequest, org: string): () => Promise<void> {
    const { actor, token } = request;
    const client = clientOf(request);
    return async () => {
      if (token === undefined) await this.entries.mayRead(actor, org);
      else await this.sessions.stillOf(org, token, client, actor.requestId);
    };
  }
}

function cursorOf(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  if (!/^\d{1,15}$/.test(text)) {
    throw new DomainError(
      'CURSOR_INVALID',
      'Last-Event-ID must be the id of an event of this stream. Leave it out to begin with what comes next.',
    );
  }
  return Number(text);
}
