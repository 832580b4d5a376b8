import type { InsomniaDoor } from '../doors/insomnia-door.js';
import { openStream, type OpenStream, type StreamEvent } from '../doors/event-stream.js';
import { asDeviceError } from '../state/device-error.js';
import type { StateKeeper } from '../state/state-keeper.js';
import type { Device } from './device.js';

export interface FollowOptions {
  /** Each event as it came, before anything is done about it. */
  readonly heard?: (event: StreamEvent) => void;
  /** Between two questions to the server about everything; the stream may miss what happened before it. */
  readonly pollMs?: number;
  /** Before a stream that broke is opened again; twice as long after each try that failed. */
  readonly againMs?: number;
}

const LONGEST_PAUSE_MS = 60_000;

/** Follows the stream of one organization: files that move elsewhere are brought here, as far as nothing needs a person. */
export class Follower {
  readonly done: Promise<void>;
  #stopped = false;
  #stream: OpenStream | undefined;
  #wake: () => void = () => undefined;
  #opened: () => void = () => undefined;
  /** Resolves when the stream is open for the first time. */
  readonly opened = new Promise<void>((resolve) => (this.#opened = resolve));
  readonly #poll: NodeJS.Timeout;
  #work: Promise<void> = Promise.resolve();

  constructor(
    private readonly device: Device,
    private readonly door: () => InsomniaDoor,
    private readonly states: StateKeeper,
    private readonly org: string,
    private readonly options: FollowOptions,
  ) {
    this.#poll = setInterval(() => this.#later(() => this.#all()), options.pollMs ?? 60_000);
    this.done = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#poll);
    this.#stream?.close();
    this.#wake();
    await this.done;
    await this.#work;
  }

  /** When all that was heard until now is done. */
  async idle(): Promise<void> {
    await this.#work;
  }

  async #run(): Promise<void> {
    for (let failures = 0; !this.#stopped;) {
      const opened = await this.#once();
      failures = opened ? 0 : failures + 1;
      if (!this.#stopped) await this.#pause(failures);
    }
  }

  async #once(): Promise<boolean> {
    try {
      this.#stream = await openStream(this.door(), this.org, (event) => this.#hear(event));
    } catch (error) {
      this.states.failed(error);
      return false;
    }
    if (this.#stopped) this.#stream.close();
    this.states.reached();
    this.#opened();
    this.#later(() => this.#all());
    await this.#stream.ended;
    return true;
  }

  #pause(failures: number): Promise<void> {
    const ms = Math.min((this.options.againMs ?? 3_000) * 2 ** failures, LONGEST_PAUSE_MS);
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #hear(event: StreamEvent): void {
    this.options.heard?.(event);
    const { type, file, project } = event;
    if (file !== undefined && ['FileChanged', 'BranchDeleted', 'FileDeleted'].includes(type)) {
      this.device.file(file).moved();
      this.#later(() => this.#bring(file, project));
    } else if (type === 'TeamProjectChanged' || type === 'OrganizationChanged') {
      this.#later(() => this.device.restore());
    }
  }

  async #bring(file: string, project: string | undefined): Promise<void> {
    const here = (await this.device.files()).some(({ id }) => id === file);
    if (here) await this.device.file(file).sync();
    else if (project !== undefined) await this.device.restoreProject({ org: this.org, project });
  }

  async #all(): Promise<void> {
    for (const file of await this.device.files())
      if ((await file.record()).org === this.org) await file.sync();
  }

  /** One after the other; what goes wrong stands in the state of the file or the device. */
  #later(work: () => Promise<void>): void {
    this.#work = this.#work.then(work).catch((error: unknown) => void asDeviceError(error));
  }
}
