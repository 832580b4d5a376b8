import type { Store } from './store.js';

/** For tests, and for devices that are to leave no trace. */
export class MemoryStore implements Store {
  readonly #texts = new Map<string, string>();

  async read(path: string): Promise<string | undefined> {
    return this.#texts.get(path);
  }

  async write(path: string, text: string): Promise<void> {
    this.#texts.set(path, text);
  }

  async writeAll(texts: Iterable<readonly [string, string]>): Promise<void> {
    for (const [path, text] of texts) this.#texts.set(path, text);
  }

  async list(path: string): Promise<string[]> {
    const under = [...this.#texts.keys()].filter((name) => name.startsWith(`${path}/`));
    return [...new Set(under.map((name) => name.slice(path.length + 1).split('/')[0]!))].sort();
  }

  async remove(path: string): Promise<void> {
    for (const name of [...this.#texts.keys()])
      if (name === path || name.startsWith(`${path}/`)) this.#texts.delete(name);
  }
}
