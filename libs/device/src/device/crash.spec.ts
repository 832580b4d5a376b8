import { Devices, names, request } from '../../test/devices.js';
import { MemoryStore } from '../store/memory-store.js';
import type { Store } from '../store/store.js';

class Crash extends Error {}

/** Stops for good before its n-th write, as a process that is killed does. */
class CrashingStore extends MemoryStore implements Store {
  left = Infinity;

  override async write(path: string, text: string): Promise<void> {
    this.#step();
    await super.write(path, text);
  }

  override async writeAll(texts: Iterable<readonly [string, string]>): Promise<void> {
    for (const [path, text] of texts) await this.write(path, text);
  }

  override async remove(path: string): Promise<void> {
    this.#step();
    await super.remove(path);
  }

  #step(): void {
    if (this.left-- <= 0) throw new Crash();
  }
}

type Scene = Awaited<ReturnType<typeof scene>>;

async function scene() {
  const all = new Devices();
  const store = new CrashingStore();
  const [mine, theirs] = await all.shared(await all.device(store), await all.device());
  await theirs!.put(request(1, 'Theirs'), request(3, 'New'));
  await theirs!.commit('Theirs');
  await theirs!.push();
  await mine!.put(request(2, 'Mine'));
  await mine!.commit('Mine');
  return { all, store, mine: mine!, theirs: theirs! };
}

const works: [string, (scene: Scene) => Promise<unknown>][] = [
  ['put', ({ mine }) => mine.put(request(4, 'Put'))],
  ['commit', async ({ mine }) => mine.put(request(4, 'Put')).then(() => mine.commit('Put'))],
  ['pull with a merge', ({ mine }) => mine.pull()],
  ['pull and push', ({ mine }) => mine.pull().then(() => mine.push())],
  ['fork and check out', ({ mine }) => mine.fork('forked').then(() => mine.checkout('forked'))],
];

describe('a device that is killed before any of its writes', () => {
  it.each(works)('of %s opens again, and ends equal with the others', async (_, work) => {
    let crashes = 0;
    for (let left = 0; ; left++) {
      const given = await scene();
      given.store.left = left;
      const ended = await work(given).then(
        () => 'whole',
        (error: unknown) =>
          error instanceof Crash || (error as Error).cause instanceof Crash ? 'crash' : error,
      );
      expect(['whole', 'crash']).toContain(ended);
      if (ended === 'whole') break;
      crashes++;
      given.store.left = Infinity;

      const again = (await given.all.open(given.store, 'ada-1')).file(given.mine.id);
      await again.checkout('master');
      expect(await names(again)).toContain('Mine');
      if ((await again.changes()).length > 0) await again.commit('What was left');
      await again.sync();
      await given.theirs.pull();
      expect(await names(again)).toEqual(await names(given.theirs));
      expect(await names(again)).toEqual(expect.arrayContaining(['Mine', 'New', 'Theirs']));
    }
    expect(crashes).toBeGreaterThan(0);
  });
});
