import type { Receiver } from '../../src/requests/in-process/in-process-requests.js';
import type { WireReply, WireRequest } from '../../src/requests/wire.js';
import type { Meddler } from './meddler.js';

/** The meddler within a process: a lost reply is one that never comes. */
export class MeddlingReceiver implements Receiver {
  constructor(
    private readonly inner: Receiver,
    private readonly meddler: Meddler,
  ) {}

  async receive(request: WireRequest): Promise<WireReply> {
    const reply = await this.meddler.pass(request, (each) => this.inner.receive(each));
    return reply ?? Promise.withResolvers<WireReply>().promise;
  }
}
