import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import { DomainError, errorKinds, unavailable } from '@tidemark/contracts';
import { asDomainError, type Logger, withRequestId } from '@tidemark/runtime';
import type { Registry } from 'prom-client';
import { lastValueFrom } from 'rxjs';
import { ActorRefused } from '../actor/actor-refused.js';
import { ActorVerifier } from '../actor/actor-verifier.js';
import { decode, encode, WireFormatError } from '../codec/index.js';
import { within } from '../deadline.js';
import { LONGEST_WAIT_MS } from '../requests.js';
import type { WireReply, WireRequest } from '../wire.js';
import { Admission, type AdmissionLimits } from './admission.js';
import { errorReply } from './error-reply.js';
import type { RequestContext } from './request-context.js';
import { RequestMetrics } from './request-metrics.js';

export interface RequestsServerOptions extends Partial<AdmissionLimits> {
  /** The key that the senders sign with: 32 bytes or more. */
  readonly actorKey: Uint8Array;
  readonly logger: Logger;
  readonly verifier?: ActorVerifier;
}

const LIMITS: AdmissionLimits = { maxInFlight: 512, maxBytesInFlight: 256 * 1024 * 1024 };

/**
 * Nest's transport strategy for `@MessagePattern` handlers: `app.connectMicroservice({ strategy: server })`. It takes one
 * request as bytes and gives one reply as bytes; which way these come is the adapters' business. It answers once the
 * handler has finished, and admits nobody before `listen` and after `drain`.
 */
export class RequestsServer extends Server implements CustomTransportStrategy {
  readonly #admission: Admission;
  readonly #verifier: ActorVerifier;
  #metrics: RequestMetrics | undefined;
  readonly #log: Logger;

  constructor(options: RequestsServerOptions) {
    super();
    this.#admission = new Admission({ ...LIMITS, ...options });
    this.#verifier = options.verifier ?? new ActorVerifier(options.actorKey);
    this.#log = options.logger;
  }

  override addHandler(pattern: string, handler: MessageHandler, isEvent = false, extras = {}): void {
    if (isEvent) return;
    if (this.messageHandlers.has(pattern)) throw new Error(`Two handlers answer the pattern ${pattern}.`);
    super.addHandler(pattern, handler, isEvent, extras);
  }

  listen(callback: () => void): void {
    this.#admission.open();
    callback();
  }

  close(): Promise<void> {
    return this.drain();
  }

  /** Nest's hooks for clients of brokers; there is nothing to hook into here. */
  on(): void {}

  unwrap<T>(): T {
    return this as never;
  }

  /** The registry is made with the application, this strategy before it. */
  measureIn(registry: Registry): void {
    this.#metrics = new RequestMetrics(registry);
  }

  get isDraining(): boolean {
    return !this.#admission.isOpen;
  }

  get inFlight(): number {
    return this.#admission.inFlight;
  }

  /** From now on new requests are UNAVAILABLE. Resolves when those under way have finished, or the time is over. */
  async drain(withinMs = LONGEST_WAIT_MS): Promise<void> {
    this.#admission.close();
    try {
      await within(withinMs, () => this.#admission.empty());
    } catch {
      this.#log.warn(
        { inFlight: this.#admission.inFlight },
        'stopped waiting for requests that are still under way',
      );
    }
  }

  /** Takes a place before a body is read. Throws UNAVAILABLE. */
  enter(bytes: number): () => void {
    return this.#admission.enter(bytes);
  }

  /** Never throws: what goes wrong is a reply too. A place taken before is given back when the handler has ended. */
  async receive(request: WireRequest, place?: () => void): Promise<WireReply> {
    const since = performance.now();
    let outcome = 'ok';
    try {
      return { status: 200, body: await this.#answer(request, place) };
    } catch (error) {
      const refusal = asDomainError(error);
      outcome = refusal.code;
      this.#report(request, refusal);
      return errorReply(refusal, request.requestId);
    } finally {
      const known = this.messageHandlers.has(request.pattern);
      this.#metrics?.observe(known ? request.pattern : 'unknown', outcome, since);
    }
  }

  /** The place is kept until the handler has ended, also when nobody waits for it any more. */
  #answer(request: WireRequest, place?: () => void): Promise<Uint8Array> {
    const leave = place ?? this.#admission.enter(request.body.length);
    const work = this.#run(request).finally(leave);
    return within(Math.min(request.timeoutMs, LONGEST_WAIT_MS), () => work);
  }

  /** A bug is told to the log where it happens: by then the caller may long have gone. */
  async #run(request: WireRequest): Promise<Uint8Array> {
    try {
      return await this.#handle(request);
    } catch (error) {
      const refusal = asDomainError(error);
      const { pattern, requestId } = request;
      const isOurs = errorKinds[refusal.code].status === 500;
      if (isOurs) this.#log.error({ pattern, requestId, err: error }, 'a request failed');
      throw refusal;
    }
  }

  async #handle({ pattern, body, actor: token }: WireRequest): Promise<Uint8Array> {
    const actor = this.#verifier.verify(token, pattern, body);
    const handler = this.messageHandlers.get(pattern);
    if (!handler) throw this.#unknown(pattern);
    const context: RequestContext = { pattern, actor };
    const answer = async () => this.transformToObservable(await handler(payloadOf(body), context));
    const reply = await withRequestId(actor.requestId, answer);
    return encode(await lastValueFrom(reply, { defaultValue: null }));
  }

  /** Sender and receiver are of different releases, or the sender asks the wrong service. */
  #unknown(pattern: string): DomainError {
    this.#log.error({ pattern: pattern.slice(0, 80) }, 'a request asks for what is not offered here');
    return unavailable('What was asked for is not offered here.');
  }

  #report({ pattern, requestId }: WireRequest, refusal: DomainError): void {
    const fields = { pattern, requestId, cause: refusal.cause };
    if (refusal instanceof ActorRefused)
      this.#log.error(fields, 'a request came without a good actor context');
    if (refusal.code === 'TIMEOUT') this.#log.warn(fields, 'a request took longer than its caller waits');
  }
}

function payloadOf(body: Uint8Array): unknown {
  try {
    return decode(body);
  } catch (error) {
    if (!(error instanceof WireFormatError)) throw error;
    throw new DomainError('BAD_REQUEST', `The request cannot be read. ${error.message}`);
  }
}
