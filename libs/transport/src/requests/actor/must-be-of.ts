import { notFound, type ActorContext, type DomainError } from '@tidemark/contracts';

/**
 * The gateway names in the actor context the organization that orgs has let this actor into. Everybody else is told of
 * an absence, in the words that the service has for it.
 */
export function mustBeOf(org: string, actor: ActorContext, absent: () => DomainError = notFound): void {
  if (actor.org !== org) throw absent();
}
