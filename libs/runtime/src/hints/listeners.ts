import { messageOf } from '../errors-of.js';
import type { Logger } from '../logging/logger.js';
import type { HintListener } from './hints.js';

/** Who listens to what. */
export class Listeners {
  private readonly byTopic = new Map<string, Set<HintListener>>();

  constructor(private readonly logger: Logger) {}

  get topics(): string[] {
    return [...this.byTopic.keys()];
  }

  /** True when the topic had no listener before. */
  add(topic: string, listener: HintListener): boolean {
    const listeners = this.byTopic.get(topic);
    if (!listeners) this.byTopic.set(topic, new Set([listener]));
    else listeners.add(listener);
    return !listeners;
  }

  /** True when the topic has no listener any more. */
  remove(topic: string, listener: HintListener): boolean {
    const listeners = this.byTopic.get(topic);
    listeners?.delete(listener);
    return listeners?.size === 0 && this.byTopic.delete(topic);
  }

  forget(topic: string): void {
    this.byTopic.delete(topic);
  }

  tell(topic: string, text: string): void {
    for (const listener of [...(this.byTopic.get(topic) ?? [])]) this.call(listener, text);
  }

  private call(listener: HintListener, text: string): void {
    try {
      listener(text);
    } catch (error) {
      this.logger.error({ error: messageOf(error) }, 'a listener to hints failed');
    }
  }
}
