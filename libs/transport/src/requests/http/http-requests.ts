import { setTimeout as pause } from 'node:timers/promises';
import { DomainError, unavailable } from '@tidemark/contracts';
import type { ActorSigner } from '../actor/actor-signer.js';
import { type Outgoing, SignedRequests } from '../signed-requests.js';
import type { WireReply } from '../wire.js';
import { MAX_BODY_BYTES } from './headers.js';
import { ConnectError, Target, type TargetLimits } from './target.js';

export interface HttpRequestsOptions extends Partial<TargetLimits> {
  /** Where each service is: `orgs.get-organization` goes to the URL under `orgs`. */
  readonly targets: Readonly<Record<string, string>>;
  readonly signer: ActorSigner;
}

const LIMITS: TargetLimits = { maxInFlight: 128, maxWaiting: 1024, maxBodyBytes: MAX_BODY_BYTES };

/** A service that restarts is back soon; after these pauses in milliseconds the caller hears of it. */
const CONNECT_PAUSES = [50, 150, 300];

/** Requests over HTTP on connections that are kept. Only what found no connection is tried again. */
export class HttpRequests extends SignedRequests {
  readonly #targets: ReadonlyMap<string, Target>;
  readonly #limits: TargetLimits;

  constructor({ targets, signer, ...limits }: HttpRequestsOptions) {
    super(signer);
    this.#limits = { ...LIMITS, ...limits };
    this.#targets = new Map(Object.entries(targets).map(([name, url]) => [name, new Target(url, this.#limits)]));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#targets.values()].map((target) => target.close()));
  }

  protected override async exchange({ pattern, body, deadline, signed }: Outgoing): Promise<WireReply> {
    if (body.length > this.#limits.maxBodyBytes) throw tooLarge(body.length, this.#limits.maxBodyBytes);
    const target = this.#targetOf(pattern);
    for (let attempt = 0; ; attempt++) {
      try {
        return await target.ask(signed, deadline);
      } catch (error) {
        if (!(error instanceof ConnectError)) throw error;
        const wait = CONNECT_PAUSES[attempt];
        if (wait === undefined || wait >= deadline.remainingMs) throw unavailable(`${serviceOf(pattern)} cannot be reached.`, error);
        await pause(wait);
      }
    }
  }

  #targetOf(pattern: string): Target {
    const target = this.#targets.get(serviceOf(pattern));
    if (!target) throw new Error(`No address is known for requests ${pattern}.`);
    return target;
  }
}

const serviceOf = (pattern: string): string => pattern.slice(0, pattern.indexOf('.'));

const tooLarge = (bytes: number, limit: number) =>
  new DomainError('TOO_LARGE', `The request has ${bytes} bytes; ${limit} is the limit. Send it in smaller parts.`);
