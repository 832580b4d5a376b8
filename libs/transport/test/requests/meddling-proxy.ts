import { once } from 'node:events';
import {
  Agent,
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { WIRE_TYPE } from '../../src/requests/codec/index.js';
import { ACTOR_HEADER, REQUEST_ID_HEADER, TIMEOUT_HEADER } from '../../src/requests/http/headers.js';
import type { WireRequest } from '../../src/requests/wire.js';
import type { Meddler } from './meddler.js';

/** The meddler as a proxy before the real listener: a lost reply is a connection that breaks. */
export class MeddlingProxy {
  readonly #agent = new Agent({ keepAlive: true });
  readonly #server: Server;

  private constructor(
    private readonly upstream: string,
    private readonly meddler: Meddler,
  ) {
    this.#server = createServer((incoming, outgoing) => {
      this.#handle(incoming, outgoing).catch(() => outgoing.destroy());
    });
  }

  static async before(upstream: string, meddler: Meddler): Promise<MeddlingProxy> {
    const proxy = new MeddlingProxy(upstream, meddler);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#agent.destroy();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const reply = await this.meddler.pass(await wireRequestOf(incoming), async (each) => {
      const answer = await this.#forward(each, incoming);
      return { status: answer.statusCode ?? 0, body: await buffer(answer) };
    });
    if (!reply) return void outgoing.destroy();
    const type = reply.status === 200 ? WIRE_TYPE : 'application/json';
    outgoing.writeHead(reply.status, { 'content-type': type, 'content-length': reply.body.length });
    outgoing.end(reply.body);
  }

  async #forward(wire: WireRequest, { headers: given }: IncomingMessage): Promise<IncomingMessage> {
    const outgoing = request(`${this.upstream}/requests/${wire.pattern}`, {
      agent: this.#agent,
      method: 'POST',
      headers: {
        'content-type': given['content-type'],
        'content-length': wire.body.length,
        [TIMEOUT_HEADER]: wire.timeoutMs,
        ...(wire.actor !== undefined && { [ACTOR_HEADER]: wire.actor }),
        ...(wire.requestId !== undefined && { [REQUEST_ID_HEADER]: wire.requestId }),
      },
    });
    outgoing.end(wire.body);
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    return answer;
  }
}

async function wireRequestOf(incoming: IncomingMessage): Promise<WireRequest> {
  const header = (name: string) => incoming.headers[name] as string | undefined;
  return {
    pattern: decodeURIComponent(incoming.url!.slice('/requests/'.length)),
    body: await buffer(incoming),
    timeoutMs: Number(header(TIMEOUT_HEADER)),
    actor: header(ACTOR_HEADER),
    requestId: header(REQUEST_ID_HEADER),
  };
}
