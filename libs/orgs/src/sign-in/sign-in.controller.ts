import { Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  accountMessages,
  AskKdf,
  Authenticate,
  SignIn,
  SignOut,
  type ActorContext,
  type Authenticated,
  type Kdf,
  type SignedIn,
} from '@tidemark/contracts';
import { Actor, RequestHandlers } from '@tidemark/transport';
import { AuthenticationService } from './authentication.service.js';
import { SignInService } from './sign-in.service.js';

@RequestHandlers()
export class SignInController {
  constructor(
    @Inject(SignInService) private readonly signIns: SignInService,
    @Inject(AuthenticationService) private readonly authentication: AuthenticationService,
  ) {}

  @MessagePattern(accountMessages.kdf)
  kdf(@Payload() message: AskKdf): Promise<{ kdf: Kdf }> {
    return this.signIns.kdf(message);
  }

  @MessagePattern(accountMessages.signIn)
  signIn(@Payload() message: SignIn, @Actor() actor: ActorContext): Promise<SignedIn> {
    return this.signIns.signIn(message, actor);
  }

  @MessagePattern(accountMessages.authenticate)
  authenticate(@Payload() message: Authenticate): Promise<Authenticated> {
    return this.authentication.authenticate(message);
  }

  @MessagePattern(accountMessages.signOut)
  async signOut(@Payload() message: SignOut, @Actor() actor: ActorContext): Promise<object> {
    await this.authentication.signOut(message, actor);
    return {};
  }
}
