import type { Api } from './api.js';

export interface StreamEvent {
  readonly id: number;
  readonly data: Record<string, unknown>;
}

/** An open event stream and what it has said so far. */
export interface EventStream {
  readonly status: number;
  readonly events: StreamEvent[];
  readonly ended: Promise<void>;
  close(): void;
}

export async function listen(api: Api, org: string, lastEventId?: number): Promise<EventStream> {
  const abort = new AbortController();
  const response = await fetch(`${api.url}/api/v1/organizations/${org}/events`, {
    headers: {
      authorization: `Bearer ${api.token}`,
      ...(lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) }),
    },
    signal: abort.signal,
  });
  const events: StreamEvent[] = [];
  const ended = read(response, events).catch(() => undefined);
  return { status: response.status, events, ended, close: () => abort.abort() };
}

async function read(response: Response, events: StreamEvent[]): Promise<void> {
  let text = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    const blocks = (text + chunk).split('\n\n');
    text = blocks.pop()!;
    for (const block of blocks) {
      const [, id, data] = /^id: (\d+)\ndata: (.*)$/s.exec(block) ?? [];
      if (data !== undefined)
        events.push({ id: Number(id), data: JSON.parse(data) as Record<string, unknown> });
    }
  }
}
