import { DomainError, type ErrorDetail, isErrorCode, notConfirmed } from '@tidemark/contracts';
import type { ActorSigner } from './actor/actor-signer.js';
import { decode, encode } from './codec/index.js';
import { Deadline } from './deadline.js';
import { LONGEST_WAIT_MS, type RequestOptions, type Requests } from './requests.js';
import type { WireReply, WireRequest } from './wire.js';

/** A request on its way out. It is signed at the last moment, because a signature ages while it waits in a line. */
export interface Outgoing {
  readonly pattern: string;
  readonly body: Uint8Array;
  readonly deadline: Deadline;
  readonly signed: () => WireRequest;
}

/** What both adapters share: payload to bytes, signature, and the reply back to a value or a refusal. */
export abstract class SignedRequests implements Requests {
  constructor(private readonly signer: ActorSigner) {}

  async send<Reply>(pattern: string, payload: unknown, { actor, timeoutMs }: RequestOptions): Promise<Reply> {
    const body = encode(payload);
    const deadline = new Deadline(Math.min(timeoutMs ?? LONGEST_WAIT_MS, LONGEST_WAIT_MS));
    const signed = (): WireRequest => ({
      pattern,
      body,
      requestId: actor.requestId,
      actor: this.signer.sign(actor, pattern, body),
      timeoutMs: serversShare(deadline),
    });
    return valueOf(await this.exchange({ pattern, body, deadline, signed })) as Reply;
  }

  protected abstract exchange(outgoing: Outgoing): Promise<WireReply>;
}

/** A little less than what is left, so that the server's own TIMEOUT can still arrive and the connection stays whole. */
function serversShare({ remainingMs }: Deadline): number {
  return Math.max(1, Math.floor(remainingMs - Math.min(100, remainingMs / 10)));
}

function valueOf({ status, body }: WireReply): unknown {
  if (status !== 200) throw refusalFrom(body);
  try {
    return decode(body);
  } catch (error) {
    throw notConfirmed(error);
  }
}

/** A refusal of a newer release may have a code that is not known here; what is not of the contract may come from a proxy. */
function refusalFrom(body: Uint8Array): DomainError {
  const { error, message, details, retryAfter } = fieldsOf(body);
  if (typeof error !== 'string' || typeof message !== 'string') return notConfirmed();
  const findings = Array.isArray(details) ? (details as ErrorDetail[]) : [];
  const code = isErrorCode(error) ? error : 'INTERNAL';
  return new DomainError(
    code,
    message,
    findings,
    typeof retryAfter === 'number' ? { retryAfter } : undefined,
  );
}

function fieldsOf(body: Uint8Array): Record<string, unknown> {
  try {
    const fields: unknown = JSON.parse(Buffer.from(body).toString());
    return typeof fields === 'object' && fields !== null ? (fields as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
