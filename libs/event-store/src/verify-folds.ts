import { isDeepStrictEqual } from 'node:util';
import type { NewEvent } from '@tidemark/contracts';
import type { Decider } from './decider.js';
import type { EventStore } from './event-store.js';
import { replay } from './handle-command.js';
import type { LogReader } from './log-reader.js';

/** Which rules fold a stream, by its name. */
export type DeciderOf = (stream: string) => Decider<never, object, NewEvent>;

export interface FoldsVerified {
  readonly streams: number;
  /** Streams whose stored state is not what their events say. */
  readonly differing: readonly { readonly org: string; readonly stream: string; readonly version: number }[];
}

const PAGE = 500;

/**
 * Compares the stored state of every stream in the log with a replay of its events. States of another schema are
 * counted and not compared: they are replayed anyway before anybody uses them.
 */
export async function verifyFolds(
  store: EventStore,
  reader: LogReader,
  deciderOf: DeciderOf,
): Promise<FoldsVerified> {
  const streams = await streamsIn(reader);
  const differing = [];
  for (const { org, stream } of streams) {
    const decider = deciderOf(stream);
    const { version, schema, state } = await store.load(org, stream);
    if (version > 0 && schema !== decider.schema) continue;
    const replayed = await replay(store, decider, { org, stream }, version);
    if (version === 0 || !isDeepStrictEqual(state, asStored(replayed)))
      differing.push({ org, stream, version });
  }
  return { streams: streams.length, differing };
}

async function streamsIn(reader: LogReader): Promise<{ org: string; stream: string }[]> {
  const found = new Map<string, { org: string; stream: string }>();
  for (let position = 0; ;) {
    const page = await reader.read(position, PAGE);
    if (page.length === 0) return [...found.values()];
    for (const { org, stream } of page) found.set(`${org} ${stream}`, { org, stream });
    position = page.at(-1)!.position;
  }
}

const asStored = (state: object): unknown => JSON.parse(JSON.stringify(state));
