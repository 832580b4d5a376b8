import { Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  accountMessages,
  FinishRecovery,
  StartRecovery,
  type ActorContext,
  type RecoveryMaterial,
  type SignedIn,
} from '@tidemark/contracts';
import { Actor, RequestHandlers } from '@tidemark/transport';
import { RecoveryService } from './recovery.service.js';

@RequestHandlers()
export class RecoveryController {
  constructor(@Inject(RecoveryService) private readonly recoveries: RecoveryService) {}

  @MessagePattern(accountMessages.startRecovery)
  start(@Payload() message: StartRecovery): Promise<RecoveryMaterial> {
    return this.recoveries.start(message);
  }

  @MessagePattern(accountMessages.finishRecovery)
  finish(@Payload() message: FinishRecovery, @Actor() actor: ActorContext): Promise<SignedIn> {
    return this.recoveries.finish(message, actor);
  }
}
