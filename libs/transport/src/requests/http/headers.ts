/** Names of the headers that travel with a request between services. */
export const ACTOR_HEADER = 'tidemark-actor';
export const TIMEOUT_HEADER = 'tidemark-timeout-ms';
export const REQUEST_ID_HEADER = 'x-request-id';

export const MAX_BODY_BYTES = 80 * 1024 * 1024;
