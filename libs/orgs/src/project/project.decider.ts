import {
  DomainError,
  notFound,
  projectCreated,
  projectDeleted,
  projectRenamed,
  type ProjectCreated,
  type ProjectDeleted,
  type ProjectRenamed,
} from '@tidemark/contracts';
import type { Decider } from '@tidemark/event-store';
import { noProject, type Project } from './project.js';

export type ProjectCommand = { readonly project: string } & (
  | { readonly kind: 'create'; readonly name: string; readonly by: string }
  | { readonly kind: 'rename'; readonly name: string }
  | { readonly kind: 'delete' }
);

export type ProjectEvent = ProjectCreated | ProjectDeleted | ProjectRenamed;

/** Who may do this has been found out before: it follows from the organization. */
export const projectDecider: Decider<ProjectCommand, Project, ProjectEvent> = {
  schema: 1,
  initial: noProject,

  decide(command, state) {
    const { project } = command;
    if (command.kind === 'create') {
      if (state.status !== 'absent') throw projectExists();
      return [projectCreated({ project, name: command.name, by: command.by })];
    }
    // Gone is what was wanted: an app whose answer was lost asks again, with another command id.
    if (command.kind === 'delete') return state.status === 'active' ? [projectDeleted({ project })] : [];
    if (state.status !== 'active') throw notFound();
    return state.name === command.name ? [] : [projectRenamed({ project, name: command.name })];
  },

  evolve(state, event) {
    if (event.type === 'ProjectCreated') {
      const { project: id, name } = event.data;
      return { status: 'active', id, name, createdAt: event.at };
    }
    if (event.type === 'ProjectDeleted') return { status: 'deleted' };
    return state.status === 'active' ? { ...state, name: event.data.name } : state;
  },
};

const projectExists = () => new DomainError('CONFLICT', 'A project with this id exists already.');
