import type { Logger } from '../logging/logger.js';
import type { HintListener, Hints } from './hints.js';
import { Listeners } from './listeners.js';

/** For one process. A hint arrives after the publisher's own turn, as over a network. */
export class MemoryHints implements Hints {
  private readonly listeners: Listeners;

  constructor(logger: Logger) {
    this.listeners = new Listeners(logger);
  }

  publish(topic: string, text: string): void {
    setImmediate(() => this.listeners.tell(topic, text));
  }

  subscribe(topic: string, listener: HintListener): () => void {
    const own: HintListener = (text) => listener(text);
    this.listeners.add(topic, own);
    return () => void this.listeners.remove(topic, own);
  }

  async close(): Promise<void> {
    for (const topic of this.listeners.topics) this.listeners.forget(topic);
  }
}
