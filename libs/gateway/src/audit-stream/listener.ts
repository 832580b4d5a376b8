import type { ActorContext, AuditEntry } from '@tidemark/contracts';
import type { ServerResponse } from 'node:http';
import { Outlet } from './outlet.js';
import type { Reader } from './reader.js';

/** One open event stream of the native door. It knows the last entry that it was sent. */
export class Listener extends Outlet implements Reader {
  constructor(
    readonly actor: ActorContext,
    response: ServerResponse,
    public cursor: number,
    readonly recheck: () => Promise<void>,
  ) {
    super(response);
  }

  tell(entry: AuditEntry): void {
    if (entry.seq <= this.cursor || this.closed) return;
    this.cursor = entry.seq;
    this.write(`id: ${entry.seq}\ndata: ${JSON.stringify(entry)}\n\n`);
    this.dropIfBehind();
  }
}
