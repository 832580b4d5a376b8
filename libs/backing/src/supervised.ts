import { setTimeout as pause } from 'node:timers/promises';
import type { Running } from './process/running.js';

export interface Supervision {
  /** Started again on the port that it had, because others know its address. */
  readonly start: (port: number | undefined) => Promise<Running>;
  /** Each time it runs, the first time too. */
  readonly started?: (running: Running) => void;
  /** What an operator should read: it ended by itself, or does not start again. */
  readonly complain: (text: string) => void;
}

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;

/** One service that is started again whenever it ends by itself, as an orchestrator would. */
export class Supervised {
  #running: Running | undefined;
  #stopping = false;
  #watch: Promise<void> = Promise.resolve();

  constructor(private readonly supervision: Supervision) {}

  /** The first start is not repeated: what fails then fails again. */
  async start(): Promise<Running> {
    const running = await this.supervision.start(undefined);
    this.adopt(running);
    return running;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#running?.stop();
    await this.#watch;
  }

  private adopt(running: Running): void {
    this.#running = running;
    this.supervision.started?.(running);
    this.#watch = running.exited.then(() => this.ended(running));
  }

  private async ended(running: Running): Promise<void> {
    if (this.#stopping) return;
    this.supervision.complain(`${running.explain().message}; it is started again`);
    const port = portOf(running.url);
    for (let wait = FIRST_PAUSE_MS; !this.#stopping; wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
      await pause(wait);
      if (this.#stopping || (await this.startedAgain(port))) return;
    }
  }

  private async startedAgain(port: number): Promise<boolean> {
    try {
      const running = await this.supervision.start(port);
      if (this.#stopping) await running.stop();
      else this.adopt(running);
      return true;
    } catch (error) {
      this.supervision.complain(error instanceof Error ? error.message : String(error));
      return false;
    }
  }
}

const portOf = (url: string): number => Number(new URL(url.includes('://') ? url : `tcp://${url}`).port);
