export interface AppEvent {
  readonly type: string;
  readonly team?: string;
  readonly project?: string;
  readonly file?: string;
  readonly branch?: string;
}

export interface OpenStream {
  readonly response: Response;
  /** What it was sent so far. */
  readonly events: AppEvent[];
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

/** A stream as an app opens it. */
export async function openStream(url: string, token: string): Promise<OpenStream> {
  const abort = new AbortController();
  const headers = { 'x-session-id': token, accept: 'text/event-stream' };
  const response = await fetch(url, { headers, signal: abort.signal });
  const events: AppEvent[] = [];
  const ended = read(response, events).catch(() => undefined);
  const close = async () => {
    abort.abort();
    await ended;
  };
  return { response, events, ended, close };
}

async function read({ body }: Response, events: AppEvent[]): Promise<void> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body!) {
    const blocks = (text + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n\n');
    text = blocks.pop()!;
    const data = blocks.filter((block) => block.startsWith('data: '));
    events.push(...data.map((block) => JSON.parse(block.slice('data: '.length)) as AppEvent));
  }
}

export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20));
}
