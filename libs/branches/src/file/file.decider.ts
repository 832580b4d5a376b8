import {
  fileArchived,
  fileCreated,
  type FileArchived,
  type FileCreated,
  type FileCreatedV1,
} from '@tidemark/contracts';
import type { Decider } from '@tidemark/event-store';
import { noFile, type File } from './file.js';
import { fileExists } from './file.errors.js';

export type FileCommand =
  ({ readonly kind: 'create' } & FileCreatedV1) | { readonly kind: 'archive'; readonly incarnation: string };

export type FileEvent = FileCreated | FileArchived;

export const fileDecider: Decider<FileCommand, File, FileEvent> = {
  schema: 1,
  initial: noFile,

  decide(command, file) {
    if (command.kind === 'create') return create(command, file);
    if (file.status !== 'live') return [];
    return [fileArchived({ file: file.file, incarnation: command.incarnation, project: file.project })];
  },

  evolve(_, event) {
    if (event.type === 'FileArchived') return { status: 'archived' };
    const { file, project, root } = event.data;
    return { status: 'live', file, project, root };
  },
};

function create({ kind: _, ...data }: FileCommand & { kind: 'create' }, { status }: File): FileEvent[] {
  if (status !== 'absent') throw fileExists();
  return [fileCreated(data)];
}
