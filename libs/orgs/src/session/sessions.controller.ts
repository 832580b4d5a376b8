import { Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  accountMessages,
  EndSession,
  StartAppSession,
  type ActorContext,
  type AppSession,
  type SessionView,
} from '@tidemark/contracts';
import { Actor, RequestHandlers } from '@tidemark/transport';
import { SessionsService } from './sessions.service.js';

@RequestHandlers()
export class SessionsController {
  constructor(@Inject(SessionsService) private readonly sessions: SessionsService) {}

  @MessagePattern(accountMessages.startAppSession)
  start(@Payload() message: StartAppSession, @Actor() actor: ActorContext): Promise<AppSession> {
    return this.sessions.startApp(message, actor);
  }

  @MessagePattern(accountMessages.listSessions)
  list(@Actor() actor: ActorContext): Promise<{ items: SessionView[]; limit: number }> {
    return this.sessions.list(actor);
  }

  @MessagePattern(accountMessages.endSession)
  async end(@Payload() message: EndSession, @Actor() actor: ActorContext): Promise<object> {
    await this.sessions.end(message, actor);
    return {};
  }
}
