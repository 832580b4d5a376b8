/**
 * A named place at which tests end the process as a power cut would. This is what every ordinary start gets: nothing. The
 * armed one stands behind the condition `tidemark-failpoints`, which only `node --conditions=tidemark-failpoints` sets.
 */
export function failpoint(name: string): void {
  void name;
}
