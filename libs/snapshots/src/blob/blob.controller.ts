import { Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  FindMissingBlobs,
  GetBlobs,
  PutBlobs,
  snapshotMessages,
  type ActorContext,
  type SealedBlob,
} from '@tidemark/contracts';
import { Actor, RequestHandlers } from '@tidemark/transport';
import { Settlement } from '../acceptance/settlement.js';
import { placeOf } from '../place.js';
import { SNAPSHOTS_PARTS, type SnapshotsParts } from '../snapshots.parts.js';
import { presentFor } from './blob-index.js';
import { getBlobs } from './get-blobs.js';
import { putBlobs } from './put-blobs.js';

@RequestHandlers()
export class BlobController {
  constructor(
    @Inject(SNAPSHOTS_PARTS) private readonly parts: SnapshotsParts,
    @Inject(Settlement) private readonly settlement: Settlement,
  ) {}

  @MessagePattern(snapshotMessages.missingBlobs)
  async missing(
    @Payload() message: FindMissingBlobs,
    @Actor() actor: ActorContext,
  ): Promise<{ missing: string[] }> {
    const place = placeOf(message, actor);
    const present = await this.parts.db.tx({ tenant: place.org }, (tx) =>
      presentFor(tx, place, actor.account, message.ids),
    );
    return { missing: [...new Set(message.ids)].filter((id) => !present.has(id)) };
  }

  @MessagePattern(snapshotMessages.putBlobs)
  async put(@Payload() message: PutBlobs, @Actor() actor: ActorContext): Promise<null> {
    await putBlobs(this.parts, placeOf(message, actor), actor.account, message.blobs);
    return null;
  }

  @MessagePattern(snapshotMessages.getBlobs)
  get(@Payload() message: GetBlobs, @Actor() actor: ActorContext): Promise<SealedBlob[]> {
    const place = placeOf(message, actor);
    return getBlobs(this.parts, place, message.ids, this.settlement.for(place, actor));
  }
}
