export { Actor } from './actor/actor.decorator.js';
export { LONGEST_WAIT_MS, REQUESTS, type RequestOptions, type Requests } from './requests.js';
export type { RequestContext } from './server/request-context.js';
