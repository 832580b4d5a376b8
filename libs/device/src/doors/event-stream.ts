import type { InsomniaDoor } from './insomnia-door.js';

/** Unknown types are passed on: a device looks at what it knows. */
export interface StreamEvent {
  readonly type: string;
  readonly team?: string;
  readonly project?: string;
  /** Of a file: `prj_…`. */
  readonly file?: string;
  readonly branch?: string;
  readonly [member: string]: unknown;
}

export interface OpenStream {
  /** Ends as the connection does; never throws. */
  readonly ended: Promise<void>;
  close(): void;
}

/** Opens the stream of an organization. Resolves once the server has begun to answer, rejects when it refuses. */
export async function openStream(
  door: InsomniaDoor,
  org: string,
  heard: (event: StreamEvent) => void,
): Promise<OpenStream> {
  const abort = new AbortController();
  const response = await door.stream(`/v1/teams/${org}/streams`, abort.signal);
  const ended = read(response, heard).catch(() => undefined);
  return { ended, close: () => abort.abort() };
}

async function read(response: Response, heard: (event: StreamEvent) => void): Promise<void> {
  let text = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    const blocks = (text + chunk).split(/\r?\n\r?\n/);
    text = blocks.pop()!;
    blocks.map(eventOf).forEach((event) => event && heard(event));
  }
}

/** Comment lines keep the connection open and say nothing; what is no JSON object is passed over. */
function eventOf(block: string): StreamEvent | undefined {
  const data = block
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice('data:'.length).replace(/^ /, ''));
  try {
    const event: unknown = JSON.parse(data.join('\n'));
    return typeof event === 'object' && event !== null && 'type' in event
      ? (event as StreamEvent)
      : undefined;
  } catch {
    return undefined;
  }
}
