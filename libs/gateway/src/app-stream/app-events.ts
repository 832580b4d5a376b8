import type { AuditEntry } from '@tidemark/contracts';

/** What the desktop app is told. `team` is its word for an organization, `file` is the client's `prj_…`. */
export interface AppEvent {
  readonly type: string;
  readonly topic: string;
  readonly team: string;
  readonly project?: string;
  readonly file?: string;
  readonly branch?: string;
}

type Members = Pick<AppEvent, 'type' | 'project' | 'file' | 'branch'>;

/** The app shows a new file as one whose first branch has changed. */
const FIRST_BRANCH = 'master';

/** What an entry of the audit means to an app that looks at the organization; most mean nothing to it. */
export function appEventOf(org: string, entry: AuditEntry): AppEvent | undefined {
  const members = membersOf(entry);
  return members && { topic: `teams/${org}`, team: org, ...members };
}

export const organizationChanged = (org: string): AppEvent => ({
  topic: `teams/${org}`,
  team: org,
  type: 'OrganizationChanged',
});

function membersOf({ action, object, details = {} }: AuditEntry): Members | undefined {
  const { project = '', file = '', branch = FIRST_BRANCH } = details;
  switch (action) {
    case 'branch.head.moved':
    case 'file.created':
      return { type: 'FileChanged', project, file, branch };
    case 'branch.removed':
      return { type: 'BranchDeleted', project, file, branch };
    case 'file.archived':
      return { type: 'FileDeleted', project, file };
    case 'project.created':
    case 'project.renamed':
    case 'project.deleted':
      return { type: 'TeamProjectChanged', project: project || object.replace(/^project-/, '') };
    case 'organization.renamed':
      return { type: 'OrganizationChanged' };
    default:
      return undefined;
  }
}

/** Equal ones once, where they come last: all that they say is that something is to be looked at. */
export function merged(events: readonly AppEvent[]): AppEvent[] {
  const byText = new Map<string, AppEvent>();
  for (const event of events) {
    const text = JSON.stringify(event);
    byText.delete(text);
    byText.set(text, event);
  }
  return [...byText.values()];
}
