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
  /** A service that restarts is back soon: how long to wait, in milliseconds, before each further try to connect. */
  readonly connectPauses?: readonly number[];
}

const LIMITS: TargetLimits = { maxInFlight: 128, maxWaiting: 1024, maxBodyBytes: MAX_BODY_BYTES };
const CONNECT_PAUSES: readonly number[] = [50, 150, 300];

/** Requests over HTTP on connections that are kept. Only what found no connection is tried again. */
export class HttpRequests extends SignedRequests {
  readonly #targets: ReadonlyMap<string, Target>;
  readonly #limits: TargetLimits;

  readonly #pauses: readonly number[];

  constructor({ targets, signer, connectPauses = CONNECT_PAUSES, ...limits }: HttpRequestsOptions) {
    super(signer);
    this.#pauses = connectPauses;
    this.#limits = { ...LIMITS, ...limits };
    this.#targets = new Map(
      Object.entries(targets).map(([name, url]) => [name, new Target(url, this.#limits)]),
    );
  }

  async close(): Promise<void> {
    await Promise.all([...this.#targets.values()].map((target) => target.close()));
  }

  protected override async exchange({ pattern, body, deadline, signed }: Outgoing): Promise<WireReply> {
    if (body.length > this.#limits.maxBodyBytes) throw tooLarge(body.length, this.#limits.maxBodyBytes);
    const target = this.#targetOf(pattern);
    for (const wait of this.#pauses) {
      const reply = await whenConnected(target.ask(signed, deadline));
      if (reply || wait >= deadline.remainingMs) return reply ?? unreachable(pattern);
      await pause(wait);
    }
    return (await whenConnected(target.ask(signed, deadline))) ?? unreachable(pattern);
  }

  #targetOf(pattern: string): Target {
    const target = this.#targets.get(serviceOf(pattern));
    if (!target) throw new Error(`No address is known for requests ${pattern}.`);
    return target;
  }
}

const serviceOf = (pattern: string): string => pattern.slice(0, pattern.indexOf('.'));

const tooLarge = (bytes: number, limit: number) =>
  new DomainError(
    'TOO_LARGE',
    `The request has ${bytes} bytes; ${limit} is the limit. Send it in smaller parts.`,
  );

/** Undefined when no connection could be made, so that nothing was sent. */
const whenConnected = (asked: Promise<WireReply>): Promise<WireReply | undefined> =>
  asked.catch((error: unknown) => {
    if (error instanceof ConnectError) return undefined;
    throw error;
  });

function unreachable(pattern: string): never {
  throw unavailable(`A part of the service (${serviceOf(pattern)}) cannot be reached.`);
}
