import type { ActorContext, AuditEntry } from '@tidemark/contracts';
import type { ServerResponse } from 'node:http';

/** A reader that has this much unsent is let go; it resumes from the last id that it saw. */
const MOST_UNSENT = 64 * 1024;

/** One open event stream. It knows the last entry that it was sent. */
export class Listener {
  constructor(
    readonly actor: ActorContext,
    private readonly response: ServerResponse,
    public cursor: number,
  ) {}

  get closed(): boolean {
    return this.response.writableEnded || this.response.destroyed;
  }

  tell(entry: AuditEntry): void {
    if (entry.seq <= this.cursor || this.closed) return;
    this.cursor = entry.seq;
    this.write(`id: ${entry.seq}\ndata: ${JSON.stringify(entry)}\n\n`);
  }

  /** Keeps the connection known to proxies, and finds out that it is gone. */
  beat(): void {
    this.write(':\n\n');
  }

  close(): void {
    this.response.end();
  }

  private write(text: string): void {
    if (this.closed) return;
    this.response.write(text);
    if (this.response.writableLength > MOST_UNSENT) this.response.destroy();
  }
}
