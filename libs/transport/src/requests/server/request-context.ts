import type { ActorContext } from '@tidemark/contracts';

/** What a handler may know beside the payload; Nest hands it out through `@Ctx()`, the actor through `@Actor()`. */
export interface RequestContext {
  readonly pattern: string;
  readonly actor: ActorContext;
}
