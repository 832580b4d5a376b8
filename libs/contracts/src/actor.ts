/** Who asks, as the gateway found out. Travels signed with each request between services. */
export interface ActorContext {
  readonly account: string;
  readonly requestId: string;
  readonly session?: string;
  readonly org?: string;
  readonly grantsVersion?: number;
}
