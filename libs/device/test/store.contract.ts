import type { Store } from '../src/store/store.js';

/** What every store promises; an adapter that breaks it fails here. */
export function storeContract(make: () => Promise<Store>): void {
  let store: Store;
  beforeEach(async () => (store = await make()));

  it('gives back what was written last, and nothing for what was not', async () => {
    await store.write('a/b', 'one');
    await store.write('a/b', 'two é €');
    expect(await store.read('a/b')).toBe('two é €');
    expect(await store.read('a/c')).toBeUndefined();
    expect(await store.read('a')).toBeUndefined();
    expect(await store.read('a/b/c')).toBeUndefined();
  });

  it('keeps the empty text', async () => {
    await store.write('empty', '');
    expect(await store.read('empty')).toBe('');
  });

  it('writes many, more than may be open at once', async () => {
    const texts = Array.from({ length: 100 }, (_, n) => [`many/${n}`, `text ${n}`] as const);
    await store.writeAll(texts);
    expect(await store.list('many')).toHaveLength(100);
    expect(await store.read('many/99')).toBe('text 99');
  });

  it('lists what stands directly under a path, sorted', async () => {
    await store.writeAll([
      ['f/b/x', '1'],
      ['f/a', '2'],
      ['f/b/y', '3'],
      ['fg/c', '4'],
    ]);
    expect(await store.list('f')).toEqual(['a', 'b']);
    expect(await store.list('nothing')).toEqual([]);
    expect(await store.list('f/a')).toEqual([]);
  });

  it('removes a path with everything under it, and nothing beside it', async () => {
    await store.writeAll([
      ['r/a/x', '1'],
      ['r/a/y/z', '2'],
      ['r/ab', '3'],
    ]);
    await store.remove('r/a');
    await store.remove('r/never');
    expect(await store.list('r')).toEqual(['ab']);
    expect(await store.read('r/a/y/z')).toBeUndefined();
  });

  it('has one whole text of those that are written at once', async () => {
    const texts = Array.from({ length: 20 }, (_, n) => `${n}`.repeat(50_000));
    await Promise.all(texts.map((text) => store.write('race', text)));
    expect(texts).toContain(await store.read('race'));
  });
}
