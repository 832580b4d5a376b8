import type { ActorSigner } from '../actor/actor-signer.js';
import { within } from '../deadline.js';
import { type Outgoing, SignedRequests } from '../signed-requests.js';
import type { WireReply, WireRequest } from '../wire.js';

/** What a `RequestsServer` is to this adapter. */
export interface Receiver {
  receive(request: WireRequest): Promise<WireReply>;
}

/** Requests within one process: the same bytes, signature, limits and deadline as over the network, without the network. */
export class InProcessRequests extends SignedRequests {
  constructor(
    private readonly receiver: Receiver,
    signer: ActorSigner,
  ) {
    super(signer);
  }

  protected override exchange({ deadline, signed }: Outgoing): Promise<WireReply> {
    return within(deadline.remainingMs, () => this.receiver.receive(signed()));
  }
}
