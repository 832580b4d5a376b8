import type { ActorContext, AuditEntry } from '@tidemark/contracts';
import type { ServerResponse } from 'node:http';
import { Listener } from './listener.js';
import { Room } from './room.js';

const actor: ActorContext = { account: 'acct_operator', requestId: 'r' };
const entry = (seq: number) => ({ seq }) as AuditEntry;

/** What a listener was sent, as the ids of its events. */
function listenerAt(cursor: number, unsent = 0) {
  const sent: string[] = [];
  const response = {
    writableEnded: false,
    destroyed: false,
    writableLength: unsent,
    write: (text: string, done: () => void) => {
      sent.push(text);
      done();
    },
    destroy: () => (response.destroyed = true),
    end: () => (response.writableEnded = true),
  };
  const listener = new Listener(actor, response as unknown as ServerResponse, cursor, async () => undefined);
  return { listener, ids: () => sent.map((text) => Number(/^id: (\d+)/.exec(text)?.[1])), response };
}

/** A room over a log of entries 1…size that counts how often it was read. */
function roomOver(log: { size: number }) {
  const reads: number[] = [];
  const room = new Room(async ({ cursor }, limit) => {
    reads.push(cursor);
    const items = Array.from({ length: log.size }, (_, i) => entry(i + 1))
      .filter(({ seq }) => seq > cursor)
      .slice(0, limit);
    return {
      items,
      next: items.length === limit && items.at(-1)!.seq < log.size ? String(items.at(-1)!.seq) : null,
    };
  });
  return { room, reads };
}

describe('a room of listeners', () => {
  it('brings everybody to the end, each from their own place, with one read', async () => {
    const { room, reads } = roomOver({ size: 5 });
    const [early, late] = [listenerAt(1), listenerAt(4)];
    [early, late].forEach(({ listener }) => room.listeners.add(listener));
    await room.look();
    expect(early.ids()).toEqual([2, 3, 4, 5]);
    expect(late.ids()).toEqual([5]);
    expect(reads).toEqual([1]);
  });

  it('reads on while a page is full', async () => {
    const { room } = roomOver({ size: 1201 });
    const one = listenerAt(0);
    room.listeners.add(one.listener);
    await room.look();
    expect(one.ids()).toEqual(Array.from({ length: 1201 }, (_, i) => i + 1));
  });

  it('misses nothing that is told about during a read, and tells nothing twice', async () => {
    const log = { size: 1 };
    const { room } = roomOver(log);
    const one = listenerAt(0);
    room.listeners.add(one.listener);
    const looking = room.look();
    log.size = 3;
    await Promise.all([looking, room.look(), room.look()]);
    expect(one.ids()).toEqual([1, 2, 3]);
  });

  it('looks again after a read that failed', async () => {
    let down = true;
    const room = new Room(() =>
      down ? Promise.reject(new Error('down')) : Promise.resolve({ items: [entry(1)], next: null }),
    );
    const one = listenerAt(0);
    room.listeners.add(one.listener);
    await expect(room.look()).rejects.toThrow('down');
    down = false;
    await room.look();
    expect(one.ids()).toEqual([1]);
  });

  it('waits for nobody who is gone, however many entries they have not seen', async () => {
    const { room, reads } = roomOver({ size: 1201 });
    const [gone, here] = [listenerAt(0), listenerAt(700)];
    gone.response.destroyed = true;
    [gone, here].forEach(({ listener }) => room.listeners.add(listener));
    await room.look();
    expect(here.ids()).toHaveLength(501);
    expect(reads).toEqual([700, 1200]);
    room.listeners.delete(here.listener);
    await room.look();
    expect(reads).toHaveLength(2);
  });

  it('lets go of a reader that does not read, who finds its place again by the last id', async () => {
    const { room } = roomOver({ size: 2 });
    const slow = listenerAt(0, 65 * 1024);
    room.listeners.add(slow.listener);
    await room.look();
    expect(slow.response.destroyed).toBe(true);
    expect(slow.ids()).toEqual([1]);
  });
});
