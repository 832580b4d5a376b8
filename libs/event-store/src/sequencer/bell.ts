/** Wakes one who waits. Rung while nobody waits, it is heard by the next one who does. */
export class Bell {
  private rung = false;
  private wake: () => void = () => undefined;

  ring(): void {
    this.rung = true;
    this.wake();
  }

  /** What was rung so far is being looked after. */
  quiet(): void {
    this.rung = false;
  }

  /** Until it rings, the time is over or the signal comes. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (this.rung || signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    this.wake = resolve;
    signal.addEventListener('abort', this.wake, { once: true });
    await promise;
    signal.removeEventListener('abort', this.wake);
    clearTimeout(timer);
  }
}
