import type { OutgoingHttpHeaders } from 'node:http';
import { Controller, Get, Inject, Param, Req, Res, UseGuards } from '@nestjs/common';
import type { ActorContext } from '@tidemark/contracts';
import type { FastifyReply } from 'fastify';
import { AppSessionGuard } from '../access/app-session.guard.js';
import { Grants } from '../access/grants.js';
import { clientOf, type SessionRequest } from '../access/known-request.js';
import { Sessions } from '../access/sessions.js';
import { Entries } from '../audit-stream/entries.js';
import { whenClosed } from '../audit-stream/outlet.js';
import { Streams } from '../audit-stream/streams.js';
import { OrgIdPipe } from '../organizations/org-id.pipe.js';
import { organizationChanged } from './app-events.js';
import { AppReader } from './app-reader.js';
import { AppStreams } from './app-streams.js';
import { Echo } from './echo.js';

/** The name of one organization among so many can wait for the next stream. */
const MOST_OTHERS = 20;

@Controller('v1/teams/:org/streams')
@UseGuards(AppSessionGuard)
export class AppStreamController {
  constructor(
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(Grants) private readonly grants: Grants,
    @Inject(Entries) private readonly entries: Entries,
    @Inject(Streams) private readonly streams: Streams,
    @Inject(AppStreams) private readonly appStreams: AppStreams,
  ) {}

  @Get()
  async listen(
    @Param('org', OrgIdPipe) org: string,
    @Req() request: SessionRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { actor, session } = request;
    await this.grants.access(actor, org);
    const others = session.organizations.filter((other) => other !== org).slice(0, MOST_OTHERS);
    // Asked before anything is answered: from the first byte on nothing is missed.
    const heads = await Promise.all(others.map((other) => this.headOf(actor, other)));
    const { cursor, missed } = await this.appStreams.prepare(actor, org);
    const reader = this.open(request, reply, org, cursor);
    for (const event of missed) {
      reader.send(event);
      await reader.room();
    }
    const leave = [this.streams.join(org, reader), this.appStreams.enter(reader)];
    leave.push(...others.map((other, index) => this.echo(reader, other, heads[index])));
    whenClosed(reply.raw, () => leave.forEach((act) => act()));
  }

  private echo(reader: AppReader, org: string, head: number | undefined): () => void {
    if (head === undefined) return () => undefined;
    return this.streams.join(org, new Echo(reader.actor, org, reader, head));
  }

  /** What cannot be listened to now is listened to with the next stream. */
  private headOf(actor: ActorContext, org: string): Promise<number | undefined> {
    return this.entries.head(actor, org).catch(() => undefined);
  }

  private open(request: SessionRequest, reply: FastifyReply, org: string, cursor: number): AppReader {
    reply.hijack();
    reply.raw.writeHead(200, {
      ...(reply.getHeaders() as OutgoingHttpHeaders),
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    const { actor, token } = request;
    const [client, requestId] = [clientOf(request), actor.requestId];
    let organizations = [...request.session.organizations].sort().join();
    const reader = new AppReader(actor, reply.raw, org, cursor, async () => {
      const session = await this.sessions.stillOf(org, token, client, requestId);
      const now = [...session.organizations].sort().join();
      reader.organizations = session.organizations;
      if (now !== organizations) reader.send(organizationChanged(org));
      organizations = now;
    });
    reader.beat();
    return reader;
  }
}
