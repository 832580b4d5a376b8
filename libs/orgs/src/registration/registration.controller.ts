import { Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  accountMessages,
  SignUp,
  type AccountView,
  type ActorContext,
  type Registration,
  type SignedIn,
} from '@tidemark/contracts';
import { Actor, RequestHandlers } from '@tidemark/transport';
import { RegistrationService } from './registration.service.js';

@RequestHandlers()
export class RegistrationController {
  constructor(@Inject(RegistrationService) private readonly registrations: RegistrationService) {}

  @MessagePattern(accountMessages.registration)
  registration(): Promise<Registration> {
    return this.registrations.registration();
  }

  @MessagePattern(accountMessages.signUp)
  signUp(
    @Payload() message: SignUp,
    @Actor() actor: ActorContext,
  ): Promise<SignedIn | { account: AccountView }> {
    return this.registrations.signUp(message, actor);
  }
}
