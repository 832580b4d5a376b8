import type { RecordedEvent } from '@tidemark/contracts';
import type { Tx } from '@tidemark/runtime';

/** Makes something of events of one organization, in their order; what it writes through `tx` is kept or undone as one. */
export type EventHandler = (events: readonly RecordedEvent[], tx: Tx) => Promise<void>;

/**
 * Calls a handler with a transaction that is closed to it afterwards: one that is given up must not write into what
 * comes next.
 */
export async function callHandler(
  hear: EventHandler,
  events: readonly RecordedEvent[],
  tx: Tx,
  limitMs: number,
): Promise<void> {
  let open = true;
  const own: Tx = {
    query: (sql, params, name) =>
      open
        ? tx.query(sql, params, name)
        : Promise.reject(new Error('The handler of this transaction has ended.')),
  };
  try {
    await within(limitMs, hear(events, own));
  } finally {
    open = false;
  }
}

async function within(limitMs: number, work: Promise<void>): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`The handler did not end within ${limitMs} ms.`)),
    limitMs,
  );
  try {
    await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
