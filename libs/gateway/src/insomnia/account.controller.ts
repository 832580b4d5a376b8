import { Body, Controller, Get, Headers, HttpCode, Inject, Post, Req, UseGuards } from '@nestjs/common';
import { accountMessages, NOBODY, type AccountView, type ActorContext } from '@tidemark/contracts';
import { asDomainError, requestIdOf } from '@tidemark/runtime';
import { REQUESTS, type Requests } from '@tidemark/transport';
import type { FastifyRequest } from 'fastify';
import { Actor } from '../access/actor.decorator.js';
import { AppSessionGuard } from '../access/app-session.guard.js';
import { Sessions } from '../access/sessions.js';
import { plan, profileOf, whoamiOf } from './account.views.js';

@Controller()
@UseGuards(AppSessionGuard)
export class AccountController {
  constructor(@Inject(REQUESTS) private readonly requests: Requests) {}

  @Get('auth/whoami')
  async whoami(@Actor() actor: ActorContext) {
    return whoamiOf(await this.account(actor));
  }

  @Get('v1/user/profile')
  async profile(@Actor() actor: ActorContext) {
    return profileOf(await this.account(actor));
  }

  @Get('v1/billing/current-plan')
  plan() {
    return plan;
  }

  /** No vault key is kept here, which is what an empty object says. */
  @Get('v1/user/vault')
  vault() {
    return {};
  }

  @Get('v1/user/entitlements')
  entitlements() {
    return { entitlements: [] };
  }

  @Get('v1/user/enterprises')
  enterprises() {
    return [];
  }

  @Get('v1/trials/eligibility')
  trial() {
    return { isEligible: false };
  }

  private account(actor: ActorContext): Promise<AccountView> {
    return this.requests.send(accountMessages.account, {}, { actor });
  }
}

/** Calls that mean nothing to anybody but the app, and the one that must work with a dead token. */
@Controller()
export class LooseEndsController {
  constructor(
    @Inject(REQUESTS) private readonly requests: Requests,
    @Inject(Sessions) private readonly sessions: Sessions,
  ) {}

  @Post('auth/logout')
  @HttpCode(204)
  async logout(@Req() request: FastifyRequest, @Headers('x-session-id') token: unknown): Promise<void> {
    if (typeof token !== 'string' || !/^sess_[\w-]{43}$/.test(token)) return;
    const actor = { account: NOBODY, requestId: requestIdOf(request) };
    await this.requests
      .send(accountMessages.signOut, { token }, { actor })
      .catch(unlessEnded)
      .finally(() => this.sessions.forget(token));
  }

  @Post(['v1/telemetry', 'v1/telemetry/*'])
  @HttpCode(204)
  telemetry(): void {}

  /** An empty text: an empty object would be shown as a message without words. */
  @Post('notification')
  @HttpCode(200)
  notification(@Body() _about: unknown): string {
    return '';
  }
}

/** What has ended already has ended. */
function unlessEnded(error: unknown): void {
  if (asDomainError(error).code !== 'UNAUTHORIZED') throw error;
}
