import { Module } from '@nestjs/common';
import { type Logger, type Service, silentLogger, startService } from '@tidemark/runtime';
import { ActorSigner } from '../../src/requests/actor/actor-signer.js';
import { ActorVerifier } from '../../src/requests/actor/actor-verifier.js';
import { HttpRequests } from '../../src/requests/http/http-requests.js';
import { serveRequests } from '../../src/requests/http/requests-route.js';
import { InProcessRequests, type Receiver } from '../../src/requests/in-process/in-process-requests.js';
import type { Requests } from '../../src/requests/requests.js';
import { connectRequests } from '../../src/requests/server/connect-requests.js';
import { RequestsServer, type RequestsServerOptions } from '../../src/requests/server/requests-server.js';
import { ContractHandlers } from './contract-handlers.js';
import { Journal } from './journal.js';
import { Meddler } from './meddler.js';
import { MeddlingProxy } from './meddling-proxy.js';
import { MeddlingReceiver } from './meddling-receiver.js';

export const KEY = new Uint8Array(32).fill(7);
export const FULL = 4;
const PATIENCE_MS = 20_000;

/** One adapter with everything that the contract needs to see and to disturb. */
export interface Subject {
  readonly requests: Requests;
  readonly journal: Journal;
  readonly meddler: Meddler;
  readonly server: RequestsServer;
  readonly service: Service;
  readonly errors: readonly object[];
  /** How long something may take before it is called a hang. */
  readonly patienceMs: number;
  close(): Promise<void>;
}

interface Served {
  readonly server: RequestsServer;
  readonly service: Service;
  readonly journal: Journal;
  readonly errors: object[];
}

export type ServerOverrides = Partial<RequestsServerOptions>;

export async function serve(overrides: ServerOverrides = {}, overHttp = false): Promise<Served> {
  const journal = new Journal();
  const errors: object[] = [];
  const logger: Logger = { ...silentLogger, error: (fields) => errors.push(fields) };
  const server = new RequestsServer({ actorKey: KEY, logger, maxInFlight: FULL, ...overrides });
  const service = await startService(moduleWith(journal), {
    name: 'contract',
    host: '127.0.0.1',
    port: 0,
    logger,
    connect: async (app) => {
      connectRequests(app, server);
      if (overHttp) await serveRequests(app.getHttpAdapter().getInstance(), server);
    },
  });
  return { server, service, journal, errors };
}

export const signer = () => new ActorSigner(KEY);

export type Wrap = (requests: Requests, receiver: Receiver, server: RequestsServer) => Requests;

/** `wrap` breaks what it is given; without it this is the adapter as it is. */
export async function inProcess(
  wrap: Wrap = (requests) => requests,
  overrides?: ServerOverrides,
): Promise<Subject> {
  const served = await serve(overrides);
  const meddler = new Meddler();
  const receiver = new MeddlingReceiver(served.server, meddler);
  const requests = wrap(new InProcessRequests(receiver, signer()), receiver, served.server);
  return { ...served, requests, meddler, patienceMs: PATIENCE_MS, close: () => served.service.close() };
}

export async function overHttp(): Promise<Subject> {
  const served = await serve({}, true);
  const meddler = new Meddler();
  const proxy = await MeddlingProxy.before(served.service.url, meddler);
  const requests = new HttpRequests({ targets: { contract: proxy.url }, signer: signer() });
  const close = async () => {
    await requests.close();
    await proxy.close();
    await served.service.close();
  };
  return { ...served, requests, meddler, patienceMs: PATIENCE_MS, close };
}

/** A server that takes the same token again and again. */
export const forgetfulVerifier = () => new ActorVerifier(KEY, { memory: { admit: () => 'new' } });

function moduleWith(journal: Journal) {
  @Module({ controllers: [ContractHandlers], providers: [{ provide: Journal, useValue: journal }] })
  class ContractModule {}
  return ContractModule;
}
