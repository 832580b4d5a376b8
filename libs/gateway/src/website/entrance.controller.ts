import { Body, Controller, Get, Headers, HttpCode, Inject, Post, Req, Res, UseGuards } from '@nestjs/common';
import {
  accountMessages,
  NOBODY,
  notFound,
  OPERATOR_ACCOUNT,
  type AccountView,
  type Kdf,
  type RecoveryMaterial,
  type Registration,
  type SignedIn,
} from '@tidemark/contracts';
import { asDomainError, requestIdOf } from '@tidemark/runtime';
import { REQUESTS, type Requests } from '@tidemark/transport';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { OperatorToken } from '../access/operator-token.js';
import { Sessions } from '../access/sessions.js';
import { checkedKey, commandId } from '../organizations/command-ids.js';
import { dropSession, isSecure, keepSession, knownCookie, sessionCookie } from './cookies.js';
import { readMails, type MailView } from './mails.js';
import { OwnOriginGuard } from './own-origin.guard.js';
import { addressOf, picked, senderOf } from './picked.js';
import { WEBSITE, type WebsiteParts } from './website-parts.js';

/** What the pages ask for people who are not signed in yet. */
@Controller('app/api')
@UseGuards(OwnOriginGuard)
export class EntranceController {
  constructor(
    @Inject(REQUESTS) private readonly requests: Requests,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(OperatorToken) private readonly operator: OperatorToken,
    @Inject(WEBSITE) private readonly website: WebsiteParts | undefined,
  ) {}

  @Get('installation')
  async installation(@Req() request: FastifyRequest) {
    const registration = await this.ask<Registration>(request, accountMessages.registration, {});
    const apiUrl = this.website?.apiUrl() ?? `${request.protocol}://${request.host}`;
    return { ...registration, mails: this.website?.mailDir !== undefined, apiUrl };
  }

  @Post('kdf')
  @HttpCode(200)
  kdf(@Req() request: FastifyRequest, @Body() body: unknown): Promise<{ kdf: Kdf }> {
    return this.ask(request, accountMessages.kdf, picked(body, 'email'));
  }

  @Post('sign-up')
  async signUp(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: unknown,
    @Headers('idempotency-key') header?: string,
  ) {
    const account = picked(
      body,
      'email',
      'firstName',
      'lastName',
      'kdf',
      'authenticationKey',
      'encSymmetricKey',
      'publicKey',
      'encPrivateKey',
      'recovery',
      'setupCode',
    );
    const command = commandId(NOBODY, `sign-up ${String(account['email'])}`, checkedKey(header));
    const message = { ...account, ...senderOf(request), command };
    if (this.operator.isShownBy(request)) return this.signUpFor(request, message);
    return this.letIn(request, reply, await this.ask(request, accountMessages.signUp, message));
  }

  @Post('sign-in')
  @HttpCode(200)
  async signIn(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: unknown,
  ) {
    const knownDevice = knownCookie(request);
    const message = {
      ...picked(body, 'email', 'authenticationKey'),
      ...senderOf(request),
      ...(knownDevice === undefined ? {} : { knownDevice }),
    };
    return this.letIn(request, reply, await this.ask(request, accountMessages.signIn, message));
  }

  @Post('sign-out')
  @HttpCode(204)
  async signOut(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const token = sessionCookie(request);
    dropSession(reply, isSecure(request, this.website));
    if (token === undefined) return;
    await this.ask(request, accountMessages.signOut, { token })
      .catch(unlessEnded)
      .finally(() => this.sessions.forget(token));
  }

  @Post('recovery/start')
  @HttpCode(200)
  startRecovery(@Req() request: FastifyRequest, @Body() body: unknown): Promise<RecoveryMaterial> {
    const message = { ...picked(body, 'email', 'recoveryKey'), ...addressOf(request) };
    return this.ask(request, accountMessages.startRecovery, message);
  }

  @Post('recovery/finish')
  @HttpCode(200)
  async finishRecovery(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: unknown,
  ) {
    const message = { ...picked(body, 'email', 'recoveryKey', 'next', 'recovery'), ...senderOf(request) };
    const signedIn = await this.ask<SignedIn>(request, accountMessages.finishRecovery, message);
    this.sessions.forgetAll();
    return this.letIn(request, reply, signedIn);
  }

  @Post('email-verification')
  @HttpCode(204)
  async verifyEmail(@Req() request: FastifyRequest, @Body() body: unknown): Promise<void> {
    await this.ask(request, accountMessages.verifyEmail, picked(body, 'token'));
    this.sessions.forgetAll();
  }

  @Get('mails')
  async mails(): Promise<{ items: MailView[] }> {
    if (this.website?.mailDir === undefined) throw notFound();
    return { items: await readMails(this.website.mailDir) };
  }

  private letIn(request: FastifyRequest, reply: FastifyReply, signedIn: SignedIn): { account: AccountView } {
    keepSession(reply, signedIn, isSecure(request, this.website));
    return { account: signedIn.account };
  }

  /** The operator makes an account for somebody else, and is not signed in to it. */
  private async signUpFor(request: FastifyRequest, message: object) {
    const made = { ...message, byOperator: true };
    const { account } = await this.ask<SignedIn>(request, accountMessages.signUp, made, OPERATOR_ACCOUNT);
    return { account };
  }

  private ask<Reply>(
    request: FastifyRequest,
    pattern: string,
    message: object,
    account = NOBODY,
  ): Promise<Reply> {
    return this.requests.send(pattern, message, { actor: { account, requestId: requestIdOf(request) } });
  }
}

/** What has ended already has ended. */
function unlessEnded(error: unknown): void {
  if (asDomainError(error).code !== 'UNAUTHORIZED') throw error;
}
