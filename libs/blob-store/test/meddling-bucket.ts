import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** What the bucket would have answered. */
interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

/** Changes an answer on its way back; 'cut' ends the connection in the middle of it. */
export type Meddle = (request: IncomingMessage, answer: Answer) => Answer | 'cut';

/** Stands in front of a bucket's server and answers as `meddle` says. */
export class MeddlingBucket {
  meddle: Meddle = (_request, answer) => answer;
  readonly seen: string[] = [];
  readonly #server = createServer((request, response) => void this.#pass(request, response));

  constructor(private readonly behind: string) {}

  async start(): Promise<string> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.seen.push(`${request.method} ${request.url}`);
    const { host: _host, connection: _connection, ...headers } = request.headers;
    const body = request.method === 'GET' ? undefined : new Uint8Array(await buffer(request));
    const reply = await fetch(`${this.behind}${request.url}`, {
      method: request.method!,
      headers: Object.entries(headers).flatMap(([name, value]) =>
        typeof value === 'string' && !/^(content-length|transfer-encoding)$/.test(name)
          ? [[name, value]]
          : [],
      ),
      ...(body ? { body } : {}),
    });
    const answer = {
      status: reply.status,
      headers: { 'content-type': reply.headers.get('content-type') ?? 'application/octet-stream' },
      body: Buffer.from(await reply.arrayBuffer()),
    };
    const meddled = this.meddle(request, answer);
    if (meddled !== 'cut') {
      response.writeHead(meddled.status, meddled.headers).end(meddled.body);
      return;
    }
    response.writeHead(answer.status, { ...answer.headers, 'content-length': answer.body.length });
    response.write(answer.body.subarray(0, answer.body.length >> 1), () => response.destroy());
  }
}
