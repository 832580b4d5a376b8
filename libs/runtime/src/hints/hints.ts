/** Called with the text of a hint, or with '' for "something may have been missed, look again". */
export type HintListener = (text: string) => void;

/**
 * Says "look again, something is new" to whoever listens, in this process or in others. A hint may be lost or come
 * twice and nothing may depend on it: who listens also looks by itself from time to time. After an interruption every
 * listener is told to look again. Neither call waits, and neither ever throws.
 */
export interface Hints {
  publish(topic: string, text: string): void;
  /** Returns how to stop listening. What a listener throws is logged and reaches nobody. */
  subscribe(topic: string, listener: HintListener): () => void;
  close(): Promise<void>;
}
