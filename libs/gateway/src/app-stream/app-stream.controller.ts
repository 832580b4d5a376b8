import type { OutgoingHttpHeaders } from 'node:http';
import { Controller, Get, Inject, Param, Req, Res, UseGuards } from '@nestjs/common';
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
    await this.grants.access(request.actor, org);
    const { cursor, missed } = await this.appStreams.prepare(request.actor, org);
    const reader = this.open(request, reply, org, cursor);
    for (const event of missed) {
      reader.send(event);
      await reader.room();
    }
    const leave = [this.streams.join(org, reader), this.appStreams.enter(reader)];
    const others = request.session.organizations.filter((other) => other !== org).slice(0, MOST_OTHERS);
    leave.push(...(await Promise.all(others.map((other) => this.echo(reader, other)))));
    whenClosed(reply.raw, () => leave.forEach((act) => act()));
  }

  /** What cannot be listened to now is listened to with the next stream. */
  private async echo(reader: AppReader, org: string): Promise<() => void> {
    const { actor } = reader;
    try {
      const cursor = await this.entries.head(actor, org);
      const stay = async () => void (await this.grants.accessAnew(actor, org));
      return this.streams.join(org, new Echo(actor, org, reader, cursor, stay));
    } catch {
      return () => undefined;
    }
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
      const session = await this.sessions.authenticateAnew(token, client, requestId);
      await this.grants.accessAnew(actor, org);
      const now = [...session.organizations].sort().join();
      if (now !== organizations) reader.send(organizationChanged(org));
      organizations = now;
    });
    reader.beat();
    return reader;
  }
}
