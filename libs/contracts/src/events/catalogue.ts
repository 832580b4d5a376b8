import { plainToInstance, type ClassConstructor } from 'class-transformer';
import { validateSync } from 'class-validator';
import type { NewEvent } from './event.js';
import { OrganizationCreatedV1 } from './organization-created.js';
import { OrganizationRenamedV1 } from './organization-renamed.js';

/** The shape of each event type and version ever released. Entries are added, never changed or removed. */
const shapes: Readonly<Record<string, Readonly<Record<number, ClassConstructor<object>>>>> = {
  OrganizationCreated: { 1: OrganizationCreatedV1 },
  OrganizationRenamed: { 1: OrganizationRenamedV1 },
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
