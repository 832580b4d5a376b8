import { Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  accountMessages,
  ChangePassphrase,
  MakeOperator,
  ReplaceRecovery,
  VerifyEmail,
  type AccountView,
  type ActorContext,
} from '@tidemark/contracts';
import { Actor, RequestHandlers } from '@tidemark/transport';
import { AccountService } from './account.service.js';

@RequestHandlers()
export class AccountController {
  constructor(@Inject(AccountService) private readonly accounts: AccountService) {}

  @MessagePattern(accountMessages.account)
  view(@Actor() actor: ActorContext): Promise<AccountView> {
    return this.accounts.view(actor);
  }

  @MessagePattern(accountMessages.changePassphrase)
  changePassphrase(@Payload() message: ChangePassphrase, @Actor() actor: ActorContext): Promise<AccountView> {
    return this.accounts.changePassphrase(message, actor);
  }

  @MessagePattern(accountMessages.replaceRecovery)
  async replaceRecovery(@Payload() message: ReplaceRecovery, @Actor() actor: ActorContext): Promise<object> {
    await this.accounts.replaceRecovery(message, actor);
    return {};
  }

  @MessagePattern(accountMessages.verifyEmail)
  async verifyEmail(@Payload() message: VerifyEmail, @Actor() actor: ActorContext): Promise<object> {
    await this.accounts.verifyEmail(message, actor);
    return {};
  }

  @MessagePattern(accountMessages.sendVerification)
  async sendVerification(@Actor() actor: ActorContext): Promise<object> {
    await this.accounts.sendVerification(actor);
    return {};
  }

  @MessagePattern(accountMessages.makeOperator)
  makeOperator(@Payload() message: MakeOperator, @Actor() actor: ActorContext): Promise<AccountView> {
    return this.accounts.makeOperator(message, actor);
  }
}
