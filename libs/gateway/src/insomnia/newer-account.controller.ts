import { Controller, Get, HttpCode, Inject, Post, Query, UseGuards } from '@nestjs/common';
import {
  accountMessages,
  DomainError,
  isOrgId,
  type AccountView,
  type ActorContext,
} from '@tidemark/contracts';
import { REQUESTS, type Requests } from '@tidemark/transport';
import { Actor } from '../access/actor.decorator.js';
import { AppSessionGuard } from '../access/app-session.guard.js';
import { encryptionKeysOf, userOf } from './account.views.js';
import { Organizations } from './organizations.js';
import { spaceOf } from './organizations.views.js';

const LARGEST_PAGE = 200;

/** What apps from 13 on ask instead of `whoami` and the list of organizations. */
@Controller('v3/users/me')
@UseGuards(AppSessionGuard)
export class NewerAccountController {
  constructor(
    @Inject(REQUESTS) private readonly requests: Requests,
    @Inject(Organizations) private readonly organizations: Organizations,
  ) {}

  @Get()
  async user(@Actor() actor: ActorContext) {
    return userOf(await this.account(actor));
  }

  @Get('encryption-keys')
  async keys(@Actor() actor: ActorContext) {
    return encryptionKeysOf(await this.account(actor));
  }

  @Get('onboarding')
  onboarding() {
    return { first_request_treatment: null, is_new_signup: false };
  }

  @Post('onboarding/request-threshold')
  @HttpCode(204)
  threshold(): void {}

  @Post('actions')
  @HttpCode(202)
  actions() {
    return {};
  }

  @Get('spaces')
  async spaces(
    @Actor() actor: ActorContext,
    @Query('page[size]') size: unknown,
    @Query('page[after]') after: unknown,
  ) {
    const limit = sizeOf(size);
    const [account, { items, next }] = await Promise.all([
      this.account(actor),
      this.organizations.page(actor, limit, cursorOf(after)),
    ]);
    const path = `/v3/users/me/spaces?page%5Bsize%5D=${limit}&page%5Bafter%5D=${next}`;
    return {
      data: items.map((organization) => spaceOf(organization, account)),
      meta: { page: { next: next === null ? null : path, previous: null, size: limit } },
    };
  }

  private account(actor: ActorContext): Promise<AccountView> {
    return this.requests.send(accountMessages.account, {}, { actor });
  }
}

function sizeOf(text: unknown): number {
  if (text === undefined) return LARGEST_PAGE;
  const size = typeof text === 'string' && /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (size < 1)
    throw new DomainError('INVALID_INPUT', 'page[size] must be a whole number from 1 on.', [
      { field: 'page[size]', rule: 'isInt' },
    ]);
  return Math.min(size, LARGEST_PAGE);
}

function cursorOf(after: unknown): string | undefined {
  if (after === undefined || after === '') return undefined;
  if (isOrgId(after)) return after;
  throw new DomainError('CURSOR_INVALID', 'page[after] must be the one of the page before.');
}
