import type { AppSession } from '@tidemark/e2ee';
import type { Document, Snapshot } from '../model/types.js';
import type { FileRecord } from './file-record.js';
import type { Store } from './store.js';

const parsed = <T>(text: string | undefined): T | undefined =>
  text === undefined ? undefined : (JSON.parse(text) as T);

/**
 * What a device keeps of one account. Contents are named by what they contain and never change; what changes of a file
 * is one record, which is written last.
 */
export class Shelf {
  readonly #root: string;

  constructor(
    private readonly store: Store,
    readonly account: string,
  ) {
    this.#root = `accounts/${account}`;
  }

  async records(): Promise<FileRecord[]> {
    const ids = await this.store.list(`${this.#root}/files`);
    const records = await Promise.all(ids.map((id) => this.record(id)));
    return records.filter((record) => record !== undefined);
  }

  async record(file: string): Promise<FileRecord | undefined> {
    return parsed(await this.store.read(`${this.#file(file)}/record.json`));
  }

  async save(record: FileRecord): Promise<void> {
    await this.store.write(`${this.#file(record.id)}/record.json`, JSON.stringify(record));
  }

  async snapshots(file: string, ids: readonly string[]): Promise<Snapshot[]> {
    const texts = await Promise.all(ids.map((id) => this.store.read(this.#snapshot(file, id))));
    return texts.map((text) => parsed<Snapshot>(text)).filter((snapshot) => snapshot !== undefined);
  }

  async snapshot(file: string, id: string): Promise<Snapshot> {
    const [snapshot] = await this.snapshots(file, [id]);
    if (!snapshot) throw new Error(`Snapshot ${id} of ${file} is missing on this device.`);
    return snapshot;
  }

  async keepSnapshots(file: string, snapshots: readonly Snapshot[]): Promise<void> {
    await this.store.writeAll(
      snapshots.map((snapshot) => [this.#snapshot(file, snapshot.id), JSON.stringify(snapshot)] as const),
    );
  }

  async heldSnapshots(file: string): Promise<Set<string>> {
    return this.#names(`${this.#file(file)}/snapshots`);
  }

  async document(file: string, blob: string): Promise<Document> {
    const document = parsed<Document>(await this.store.read(this.#blob(file, blob)));
    if (!document) throw new Error(`Blob ${blob} of ${file} is missing on this device.`);
    return document;
  }

  async keepDocuments(file: string, documents: ReadonlyMap<string, Document>): Promise<void> {
    await this.store.writeAll(
      [...documents].map(([blob, document]) => [this.#blob(file, blob), JSON.stringify(document)] as const),
    );
  }

  async heldBlobs(file: string): Promise<Set<string>> {
    return this.#names(`${this.#file(file)}/blobs`);
  }

  async forget(file: string): Promise<void> {
    // The record first: what is left after a crash is then no file any more.
    await this.store.remove(`${this.#file(file)}/record.json`);
    await this.store.remove(this.#file(file));
  }

  async forgetAll(): Promise<void> {
    for (const { id } of await this.records()) await this.forget(id);
    await this.store.remove(this.#root);
  }

  async #names(path: string): Promise<Set<string>> {
    return new Set((await this.store.list(path)).map((name) => name.replace(/\.json$/, '')));
  }

  #file(file: string): string {
    return `${this.#root}/files/${file}`;
  }

  #snapshot(file: string, id: string): string {
    return `${this.#file(file)}/snapshots/${id}.json`;
  }

  #blob(file: string, id: string): string {
    return `${this.#file(file)}/blobs/${id}.json`;
  }
}

/** The session of this device, in the shape that the app takes from INSOMNIA_SESSION. */
export const sessionShelf = (store: Store) => ({
  read: async (): Promise<AppSession | undefined> => parsed(await store.read('session.json')),
  keep: (session: AppSession): Promise<void> => store.write('session.json', JSON.stringify(session)),
  forget: (): Promise<void> => store.remove('session.json'),
});
