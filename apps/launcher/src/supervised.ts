import type { Running } from '@tidemark/backing';
import { setTimeout as pause } from 'node:timers/promises';

export interface Part {
  readonly name: string;
  readonly replica: number;
  /** Started again on the port that it had: the others know its address. */
  start(port: number | undefined): Promise<Running>;
}

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;

/** One process that is started again whenever it ends by itself, as an orchestrator would. */
export class Supervised {
  #running: Running | undefined;
  #stopping = false;
  #watch: Promise<void> = Promise.resolve();

  constructor(
    private readonly part: Part,
    private readonly tell: (part: Part, running: Running) => void,
    private readonly complain: (text: string) => void,
  ) {}

  /** The first start is not repeated: what fails then fails again. */
  async start(): Promise<Running> {
    const running = await this.part.start(undefined);
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
    this.tell(this.part, running);
    this.#watch = running.exited.then(() => this.ended(running));
  }

  private async ended(running: Running): Promise<void> {
    if (this.#stopping) return;
    this.complain(`${this.part.name} ${this.part.replica} ended and is started again: ${running.explain().message}`);
    const port = Number(new URL(running.url.includes('://') ? running.url : `tcp://${running.url}`).port);
    for (let wait = FIRST_PAUSE_MS; !this.#stopping; wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
      await pause(wait);
      if (this.#stopping || (await this.startedAgain(port))) return;
    }
  }

  private async startedAgain(port: number): Promise<boolean> {
    try {
      const running = await this.part.start(port);
      if (this.#stopping) await running.stop();
      else this.adopt(running);
      return true;
    } catch (error) {
      this.complain(`${this.part.name} ${this.part.replica} does not start: ${(error as Error).message}`);
      return false;
    }
  }
}
