export { Actor } from './actor/actor.decorator.js';
export { ActorSigner } from './actor/actor-signer.js';
export { HttpRequests, type HttpRequestsOptions } from './http/http-requests.js';
export { type RequestsRouteOptions, serveRequests } from './http/requests-route.js';
export { InProcessRequests } from './in-process/in-process-requests.js';
export { LONGEST_WAIT_MS, REQUESTS, type RequestOptions, type Requests } from './requests.js';
export type { RequestContext } from './server/request-context.js';
export { RequestHandlers } from './server/request-handlers.decorator.js';
export { RequestsServer, type RequestsServerOptions } from './server/requests-server.js';
