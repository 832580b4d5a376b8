import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, UseGuards } from '@nestjs/common';
import {
  accountMessages,
  notFound,
  projectMessages,
  type AccountView,
  type ActorContext,
  type AppSession,
  type Organization,
  type Project,
  type SessionView,
} from '@tidemark/contracts';
import { REQUESTS, type Requests } from '@tidemark/transport';
import { Actor } from '../access/actor.decorator.js';
import { Sessions } from '../access/sessions.js';
import type { Items } from '../asking/items.js';
import { Organizations } from '../insomnia/organizations.js';
import { OwnOriginGuard } from './own-origin.guard.js';
import { picked } from './picked.js';
import { WebSessionGuard } from './web-session.guard.js';

/** What the pages ask for whoever is signed in. */
@Controller('app/api')
@UseGuards(OwnOriginGuard, WebSessionGuard)
export class OwnAccountController {
  constructor(
    @Inject(REQUESTS) private readonly requests: Requests,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(Organizations) private readonly organizations: Organizations,
  ) {}

  @Get('account')
  async account(@Actor() actor: ActorContext) {
    const account = await this.ask<AccountView>(actor, accountMessages.account, {});
    return { account, session: actor.session };
  }

  /** A device more. Over the limit it is for the person to say which one goes. */
  @Post('app-sessions')
  async startAppSession(@Actor() actor: ActorContext, @Body() body: unknown): Promise<AppSession> {
    const message = picked(body, 'device', 'appVersion', 'end');
    const started = await this.ask<AppSession>(actor, accountMessages.startAppSession, message);
    if (message['end'] !== undefined) this.sessions.forgetAll();
    return started;
  }

  @Get('sessions')
  async list(@Actor() actor: ActorContext) {
    const { items, limit } = await this.ask<Items<SessionView> & { limit: number }>(
      actor,
      accountMessages.listSessions,
      {},
    );
    return { items, current: actor.session, limit };
  }

  @Delete('sessions/:session')
  @HttpCode(204)
  async end(@Actor() actor: ActorContext, @Param('session') session: string): Promise<void> {
    if (!/^ses_[0-9a-f]{32}$/.test(session)) throw notFound();
    await this.ask(actor, accountMessages.endSession, { session });
    this.sessions.forgetAll();
  }

  @Post('passphrase')
  @HttpCode(200)
  async changePassphrase(@Actor() actor: ActorContext, @Body() body: unknown) {
    const message = picked(body, 'authenticationKey', 'next');
    const account = await this.ask<AccountView>(actor, accountMessages.changePassphrase, message);
    this.sessions.forgetAll();
    return { account };
  }

  @Post('recovery-code')
  @HttpCode(204)
  async replaceRecovery(@Actor() actor: ActorContext, @Body() body: unknown): Promise<void> {
    await this.ask(actor, accountMessages.replaceRecovery, picked(body, 'authenticationKey', 'recovery'));
  }

  @Post('email-verification/send')
  @HttpCode(204)
  async sendVerification(@Actor() actor: ActorContext): Promise<void> {
    await this.ask(actor, accountMessages.sendVerification, {});
  }

  @Post('operator')
  @HttpCode(200)
  async makeOperator(@Actor() actor: ActorContext, @Body() body: unknown) {
    const account = await this.ask<AccountView>(
      actor,
      accountMessages.makeOperator,
      picked(body, 'setupCode'),
    );
    this.sessions.forgetAll();
    return { account };
  }

  @Get('organizations')
  async dashboard(@Actor() actor: ActorContext) {
    const all = await this.organizations.all(actor);
    return { items: await Promise.all(all.map((organization) => this.withProjects(actor, organization))) };
  }

  private async withProjects(actor: ActorContext, { id, name, kind }: Organization) {
    const { items } = await this.ask<Items<Project>>({ ...actor, org: id }, projectMessages.list, {
      org: id,
    });
    return { id, name, kind, projects: items.map((project) => ({ id: project.id, name: project.name })) };
  }

  private ask<Reply>(actor: ActorContext, pattern: string, message: object): Promise<Reply> {
    return this.requests.send(pattern, message, { actor });
  }
}
