import { beforeEach, describe, expect, it } from '@jest/globals';
import { Admission } from './admission.js';

describe('the door of a service', () => {
  let door: Admission;

  beforeEach(() => {
    door = new Admission({ maxInFlight: 2, maxBytesInFlight: 100 });
    door.open();
  });

  const enter = (bytes = 1) => door.enter(bytes);
  const busy = expect.objectContaining({ code: 'UNAVAILABLE' });

  it('is closed until it is opened, and after it is closed', () => {
    const closed = new Admission({ maxInFlight: 2, maxBytesInFlight: 100 });
    expect(() => closed.enter(1)).toThrow(busy);
    closed.open();
    closed.enter(1);
    closed.close();
    expect(() => closed.enter(1)).toThrow(busy);
  });

  it('counts requests', () => {
    const leave = enter();
    enter();
    expect(() => enter()).toThrow(busy);
    leave();
    leave();
    enter();
    expect(() => enter()).toThrow(busy);
  });

  it('counts bytes, and gives them back', () => {
    const leave = enter(60);
    expect(() => enter(41)).toThrow(busy);
    leave();
    enter(100);
    expect(door.inFlight).toBe(1);
  });

  it('lets one in that is larger than everything, but only alone', () => {
    const leave = enter(1);
    expect(() => enter(101)).toThrow(busy);
    leave();
    enter(101);
    expect(() => enter(0)).toThrow(busy);
  });

  it('says when it is empty', async () => {
    await door.empty();
    const leave = enter();
    let empty = false;
    const waiting = door.empty().then(() => (empty = true));
    await Promise.resolve();
    expect(empty).toBe(false);
    leave();
    await waiting;
  });
});
