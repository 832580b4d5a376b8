import { plainToInstance, type ClassConstructor } from 'class-transformer';
import { validateSync } from 'class-validator';
import type { NewEvent } from './event.js';
import { AccountCreatedV1 } from './account-created.js';
import { BranchHeadMovedV1 } from './branch-head-moved.js';
import { BranchRemovedV1 } from './branch-removed.js';
import { EmailVerifiedV1 } from './email-verified.js';
import { FileArchivedV1 } from './file-archived.js';
import { FileCreatedV1 } from './file-created.js';
import { OperatorMadeV1 } from './operator-made.js';
import { PassphraseChangedV1 } from './passphrase-changed.js';
import { ProjectCreatedV1 } from './project-created.js';
import { ProjectDeletedV1 } from './project-deleted.js';
import { ProjectRenamedV1 } from './project-renamed.js';
import { RecoveryCodeReplacedV1 } from './recovery-code-replaced.js';
import { RecoveryCodeUsedV1 } from './recovery-code-used.js';
import { SessionEndedV1 } from './session-ended.js';
import { SessionStartedV1 } from './session-started.js';
import { OrganizationCreatedV1, OrganizationCreatedV2 } from './organization-created.js';
import { OrganizationRenamedV1 } from './organization-renamed.js';

/** The shape of each event type and version ever released. Entries are added, never changed or removed. */
const shapes: Readonly<Record<string, Readonly<Record<number, ClassConstructor<object>>>>> = {
  OrganizationCreated: { 1: OrganizationCreatedV1, 2: OrganizationCreatedV2 },
  OrganizationRenamed: { 1: OrganizationRenamedV1 },
  AccountCreated: { 1: AccountCreatedV1 },
  BranchHeadMoved: { 1: BranchHeadMovedV1 },
  BranchRemoved: { 1: BranchRemovedV1 },
  EmailVerified: { 1: EmailVerifiedV1 },
  FileArchived: { 1: FileArchivedV1 },
  FileCreated: { 1: FileCreatedV1 },
  OperatorMade: { 1: OperatorMadeV1 },
  PassphraseChanged: { 1: PassphraseChangedV1 },
  ProjectCreated: { 1: ProjectCreatedV1 },
  ProjectDeleted: { 1: ProjectDeletedV1 },
  ProjectRenamed: { 1: ProjectRenamedV1 },
  RecoveryCodeReplaced: { 1: RecoveryCodeReplacedV1 },
  RecoveryCodeUsed: { 1: RecoveryCodeUsedV1 },
  SessionEnded: { 1: SessionEndedV1 },
  SessionStarted: { 1: SessionStartedV1 },
};

export class UnknownEvent extends Error {
  override readonly name = 'UnknownEvent';
}

export class MalformedEvent extends Error {
  override readonly name = 'MalformedEvent';
}

export const releasedEvents = (): { type: string; version: number }[] =>
  Object.entries(shapes).flatMap(([type, versions]) =>
    Object.keys(versions).map((version) => ({ type, version: Number(version) })),
  );

/** Accepts what the catalogue knows and gives it back as it came, fields it does not know included. */
export function checkedEvent<E extends NewEvent>(event: E): E {
  const shape = Object.hasOwn(shapes, event.type) ? shapes[event.type]?.[event.typeVersion] : undefined;
  if (!shape)
    throw new UnknownEvent(`No event ${event.type.slice(0, 80)} version ${event.typeVersion} is known here.`);
  const problems = validateSync(plainToInstance(shape, event.data), { forbidUnknownValues: true });
  if (problems.length > 0) {
    const fields = problems.map((problem) => problem.property).join(', ');
    throw new MalformedEvent(`${event.type} version ${event.typeVersion} has a wrong ${fields}.`);
  }
  return event;
}
