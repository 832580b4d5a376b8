import { notFound, type Access, type ActorContext, type OrganizationKind } from '@tidemark/contracts';
import type { Database } from '@tidemark/runtime';

interface Reached {
  readonly owner: string;
  readonly kind: OrganizationKind;
  readonly project: string | null;
}

/**
 * What is foreign, deleted or was never there is told in the same words after the same statement. In this release an
 * organization has one member, its owner.
 */
export async function accessTo(
  db: Database,
  { org, project }: { readonly org: string; readonly project?: string | undefined },
  actor: ActorContext,
): Promise<Access> {
  const [found] = await db.one<Reached>('reach', 'select owner, kind, project from reach($1, $2)', [
    org,
    project ?? null,
  ]);
  if (!found || found.owner !== actor.account) throw notFound();
  if (project !== undefined && found.project === null) throw notFound();
  return { org, kind: found.kind, owner: found.owner, level: 'write' };
}
