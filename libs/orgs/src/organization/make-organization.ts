import { defaultProjectOf, derivedUuid, fingerprintOf, type OrganizationKind } from '@tidemark/contracts';
import type { Handled, StreamTx } from '@tidemark/event-store';
import { projectDecider } from '../project/project.decider.js';
import { insertProject } from '../project/project-rows.js';
import { DEFAULT_PROJECT_NAME, projectStream } from '../project/project.js';
import { organizationDecider } from './organization.decider.js';
import { organizationStream, type Organization } from './organization.js';

interface NewOrganization {
  readonly org: string;
  readonly kind: OrganizationKind;
  readonly name: string;
  readonly by: string;
  readonly command: string;
  readonly requestId: string;
  readonly now: Date;
}

/** An organization and the project in which people land; neither without the other. */
export async function makeOrganization(tx: StreamTx, made: NewOrganization): Promise<Handled<Organization>> {
  const { org, name, by, requestId, command, kind: of } = made;
  const at = made.now.toISOString();
  const shared = { org, at, meta: { account: by, requestId } };
  const create = { kind: 'create', name, by } as const;
  const handled = await tx.handle(organizationDecider, {
    ...shared,
    stream: organizationStream(org),
    command: { ...create, of },
    commandId: command,
    fingerprint: fingerprintOf(create),
  });
  if (handled.repeated) return handled;
  const project = defaultProjectOf(org);
  await tx.handle(projectDecider, {
    ...shared,
    stream: projectStream(project),
    command: { kind: 'create', project, name: DEFAULT_PROJECT_NAME, by },
    commandId: derivedUuid(command, 'default project'),
    fingerprint: fingerprintOf(create),
  });
  await insertProject(tx, { id: project, org, name: DEFAULT_PROJECT_NAME, createdAt: at }, by);
  return handled;
}
