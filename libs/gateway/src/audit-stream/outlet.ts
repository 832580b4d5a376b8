import type { ServerResponse } from 'node:http';

/** Also when the client went while it was still being looked after. */
export function whenClosed(response: ServerResponse, leave: () => void): void {
  if (response.closed || response.destroyed) leave();
  else response.once('close', leave);
}

/** A reader that has this much unsent is let go; it finds its place again when it comes back. */
const MOST_UNSENT = 64 * 1024;
const PATIENCE_MS = 20_000;

/** The open end of an event stream. */
export class Outlet {
  constructor(private readonly response: ServerResponse) {}

  get closed(): boolean {
    return this.response.writableEnded || this.response.destroyed;
  }

  /** `sent`: once it has left this process. */
  write(text: string, sent?: () => void): void {
    if (this.closed) return;
    this.response.write(text, (error) => {
      if (!error) sent?.();
    });
  }

  /** Whoever does not read what happens live holds up nobody and keeps no memory. */
  dropIfBehind(): void {
    if (this.response.writableLength > MOST_UNSENT) this.response.destroy();
  }

  /** Resolves once there is room for more, or the reader is gone: who takes nothing for so long is let go. */
  async room(): Promise<void> {
    if (this.closed || !this.response.writableNeedDrain) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const patience = setTimeout(() => this.response.destroy(), PATIENCE_MS);
    this.response.once('drain', resolve).once('close', resolve);
    await promise;
    clearTimeout(patience);
    this.response.off('drain', resolve).off('close', resolve);
  }

  beat(): void {
    this.write(':\n\n');
  }

  close(): void {
    this.response.end();
  }
}
