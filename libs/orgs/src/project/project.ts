/** A project as its events tell it. What was deleted does not come back under its id. */
export type Project =
  | { readonly status: 'absent' }
  | {
      readonly status: 'active';
      readonly id: string;
      readonly name: string;
      readonly createdAt: string;
    }
  | { readonly status: 'deleted' };

export const noProject: Project = { status: 'absent' };

export const projectStream = (project: string) => `project-${project}`;

/** Where people land in an organization that nobody has arranged yet. */
export const DEFAULT_PROJECT_NAME = 'Default project';
