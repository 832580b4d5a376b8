import { readdirSync, readFileSync } from 'node:fs';
import { checkedEvent, MalformedEvent, releasedEvents, UnknownEvent } from './catalogue.js';
import type { NewEvent } from './event.js';

const folder = new URL('../../fixtures/events/', import.meta.url);
const files = readdirSync(folder);
const golden = (file: string) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as NewEvent;

describe('the catalogue of events', () => {
  it('has one golden file for each type and version ever released, and no other', () => {
    expect(files.sort()).toEqual(
      releasedEvents()
        .map(({ type, version }) => `${type}.v${version}.json`)
        .sort(),
    );
  });

  it.each(files)('still reads %s, and gives back all of it', (file) => {
    const event = golden(file);
    expect(checkedEvent(structuredClone(event))).toEqual(event);
  });

  it.each(files)('keeps fields of %s that it does not know', (file) => {
    const event = golden(file);
    const newer = { ...event, data: { ...event.data, fromTheFuture: { deep: [1] } } };
    expect(checkedEvent(structuredClone(newer))).toEqual(newer);
  });

  it.each(files)('refuses %s without one of its fields', (file) => {
    const event = golden(file);
    for (const field of Object.keys(event.data)) {
      const data = { ...event.data, [field]: undefined };
      expect(() => checkedEvent({ ...event, data })).toThrow(MalformedEvent);
    }
  });

  it.each(['OrganizationExploded', 'constructor', '__proto__', ''])('does not know the type %p', (type) => {
    expect(() => checkedEvent({ type, typeVersion: 1, data: {} })).toThrow(UnknownEvent);
  });

  it('does not know a version that was never released', () => {
    expect(() => checkedEvent({ ...golden(files[0]!), typeVersion: 99 })).toThrow(UnknownEvent);
  });
});
