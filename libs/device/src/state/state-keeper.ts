import { asDeviceError, DeviceError } from './device-error.js';
import { fileState, wholeState, type DeviceFacts, type FileFacts, type SyncState } from './sync-state.js';

type Listener = (state: SyncState) => void;

const UNKNOWN: FileFacts = { uncommitted: 0, unpushed: 0, unpulled: 0 };

/** Keeps the facts, and tells whoever listens when the state that follows from them is another. */
export class StateKeeper {
  #device: DeviceFacts = { signedIn: false };
  readonly #files = new Map<string, FileFacts>();
  readonly #listeners = new Set<Listener>();
  #told = '';

  constructor(private readonly now: () => Date) {}

  get whole(): SyncState {
    return wholeState(this.#device, [...this.#files.values()], this.now().toISOString());
  }

  ofFile(file: string): SyncState {
    return fileState(this.#device, this.#files.get(file) ?? UNKNOWN);
  }

  /** Called at once with what is, then with each change. The returned function ends it. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    listener(this.whole);
    return () => this.#listeners.delete(listener);
  }

  device(facts: Partial<DeviceFacts>): void {
    this.#device = { ...this.#device, ...facts };
    this.#tell();
  }

  file(file: string, facts: Partial<FileFacts>): void {
    this.#files.set(file, { ...(this.#files.get(file) ?? UNKNOWN), ...facts });
    this.#tell();
  }

  /** Of a file that is still known. */
  done(file: string): void {
    if (this.#files.has(file)) this.file(file, { doing: undefined });
  }

  keepOnly(files: readonly string[]): void {
    for (const file of this.#files.keys()) if (!files.includes(file)) this.#files.delete(file);
    this.#tell();
  }

  forget(file: string): void {
    this.#files.delete(file);
    this.#tell();
  }

  forgetAll(): void {
    this.#files.clear();
    this.#tell();
  }

  /** An answer of any kind: somebody is there. */
  reached(): void {
    this.device({ connected: true, connecting: false });
  }

  /** Sorts a failure: a line that is down and a session that is over are no errors of the file. */
  failed(error: unknown, file?: string): DeviceError {
    const problem = asDeviceError(error);
    if (problem.code === 'NOT_CONNECTED') this.#lost();
    else if (problem.code !== 'UNAUTHORIZED') {
      if (file === undefined) this.device({ problem });
      else this.file(file, { problem });
    }
    return problem;
  }

  /** Whatever the server said of its files may be out of date once it can be reached again. */
  #lost(): void {
    for (const [file, facts] of this.#files) this.#files.set(file, { ...facts, comparedAt: undefined });
    this.device({ connected: false, connecting: false });
  }

  #tell(): void {
    const state = this.whole;
    const text = JSON.stringify({ ...state, at: undefined });
    if (text === this.#told) return;
    this.#told = text;
    for (const listener of this.#listeners) listener(state);
  }
}
