/** One request as it travels: who asks is inside the signed token, what is asked inside the bytes. */
export interface WireRequest {
  readonly pattern: string;
  readonly body: Uint8Array;
  /** How much longer the caller waits. A duration, so that the clocks of two machines need not agree. */
  readonly timeoutMs: number;
  readonly actor: string | undefined;
  /** For the log when the token cannot be read. */
  readonly requestId: string | undefined;
}

/** Status 200 carries the codec's bytes, any other status an error body of the contract. */
export interface WireReply {
  readonly status: number;
  readonly body: Uint8Array;
  readonly retryAfter?: number;
}
