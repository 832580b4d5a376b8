import { Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  GetSnapshots,
  snapshotMessages,
  StageSnapshots,
  type ActorContext,
  type Staged,
  type StoredSnapshot,
} from '@tidemark/contracts';
import { Actor, RequestHandlers } from '@tidemark/transport';
import { Settlement } from '../acceptance/settlement.js';
import { placeOf } from '../place.js';
import { SNAPSHOTS_PARTS, type SnapshotsParts } from '../snapshots.parts.js';
import { getSnapshots } from './get-snapshots.js';
import { stage } from './stage.js';

@RequestHandlers()
export class SnapshotController {
  constructor(
    @Inject(SNAPSHOTS_PARTS) private readonly parts: SnapshotsParts,
    @Inject(Settlement) private readonly settlement: Settlement,
  ) {}

  @MessagePattern(snapshotMessages.stage)
  stage(@Payload() message: StageSnapshots, @Actor() actor: ActorContext): Promise<Staged> {
    const place = placeOf(message, actor);
    return stage(this.parts, place, actor.account, message, this.settlement.for(place, actor));
  }

  @MessagePattern(snapshotMessages.get)
  get(@Payload() message: GetSnapshots, @Actor() actor: ActorContext): Promise<StoredSnapshot[]> {
    const place = placeOf(message, actor);
    return getSnapshots(this.parts, place, message.ids, this.settlement.for(place, actor));
  }
}
