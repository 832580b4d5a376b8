import { notFound, type ActorContext } from '@tidemark/contracts';

/** The gateway names in the actor context the organization that orgs has let this actor into. */
export function mustBeOf(org: string, actor: ActorContext): void {
  if (actor.org !== org) throw notFound();
}
