import { type ActorContext, DomainError } from '@tidemark/contracts';
import { encode } from '../../../src/requests/codec/index.js';
import { InProcessRequests, type Receiver } from '../../../src/requests/in-process/in-process-requests.js';
import type { RequestOptions, Requests } from '../../../src/requests/requests.js';
import type { RequestsServer } from '../../../src/requests/server/requests-server.js';
import { type Outgoing, SignedRequests } from '../../../src/requests/signed-requests.js';
import type { WireReply } from '../../../src/requests/wire.js';
import { signer } from '../subject.js';

/** Adapters that are wrong on purpose, each in one way. The contract must catch every one of them. */

type Send = (pattern: string, payload: unknown, options: RequestOptions) => Promise<unknown>;

const requestsOf = (send: Send): Requests => ({
  send: <Reply>(pattern: string, payload: unknown, options: RequestOptions) =>
    send(pattern, payload, options) as Promise<Reply>,
});

export const forgetsTheTenant = (requests: Requests): Requests =>
  requestsOf((pattern, payload, { actor: { org: _, ...actor }, ...rest }) =>
    requests.send(pattern, payload, { actor, ...rest }),
  );

/** Every request is made in the name of whoever was first. */
export function forgetsTheActor(requests: Requests): Requests {
  const first: ActorContext = { account: 'acct_first', requestId: 'req_first' };
  return requestsOf((pattern, payload, options) =>
    requests.send(pattern, payload, { ...options, actor: first }),
  );
}

const whenLost = (
  requests: Requests,
  otherwise: (again: () => Promise<unknown>) => Promise<unknown>,
): Requests =>
  requestsOf(async (pattern, payload, options) => {
    const again = () => requests.send(pattern, payload, options);
    return again().catch((error: unknown) => {
      if (error instanceof DomainError && error.code === 'TIMEOUT') return otherwise(again);
      throw error;
    });
  });

export const takesALostReplyForSuccess = (requests: Requests): Requests =>
  whenLost(requests, async () => null);

export const sendsAgainAfterALostReply = (requests: Requests): Requests =>
  whenLost(requests, (again) => again());

/** Neither side counts the time. */
class WithoutDeadline extends SignedRequests {
  constructor(private readonly receiver: Receiver) {
    super(signer());
  }

  protected override async exchange({ signed }: Outgoing): Promise<WireReply> {
    return this.receiver.receive({ ...signed(), timeoutMs: 25_000 });
  }
}

export const ignoresTheDeadline = (_: Requests, receiver: Receiver): Requests =>
  new WithoutDeadline(receiver);

/** The request is accepted, so all will be well. */
export const acknowledgesBeforeTheHandler = (_: Requests, receiver: Receiver): Requests =>
  new InProcessRequests(
    {
      receive: async (request) => {
        void receiver.receive(request);
        return { status: 200, body: encode(null) };
      },
    },
    signer(),
  );

/** In one process there seems to be no need for bytes. */
export const passesObjectsByReference = (requests: Requests, _: Receiver, server: RequestsServer): Requests =>
  requestsOf(async (pattern, payload, options) => {
    const handler = server.getHandlerByPattern(pattern);
    if (!handler || payload === null || typeof payload !== 'object')
      return requests.send(pattern, payload, options);
    return handler(payload, { pattern, actor: options.actor });
  });
