import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Random } from '@tidemark/testing';

/** Stands between a client and the product; the product has always answered in full before anything is cut. */
export class CuttingProxy {
  /** How many of the next replies are cut. */
  cuts = 0;
  done = 0;
  readonly #server = createServer((incoming, outgoing) => {
    const cut = this.cuts > 0;
    if (cut) this.cuts--;
    void this.#forward(incoming).then((reply) => {
      const socket = outgoing.socket!;
      if (!cut) return void socket.end(reply);
      this.done++;
      // Of the last byte at least: a client that has all of it has not lost anything.
      socket.write(reply.subarray(0, this.random.below(reply.length)), () => socket.destroy());
    });
  });

  private constructor(
    private readonly target: string,
    private readonly random: Random,
  ) {}

  static async before(target: string, random: Random): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(target, random);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): Promise<unknown> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(resolve));
  }

  /** The whole reply as it would go over the line. */
  async #forward(incoming: IncomingMessage): Promise<Buffer> {
    const body = await collected(incoming);
    const { host: _, ...headers } = incoming.headers;
    const reply = await new Promise<IncomingMessage>((resolve, reject) => {
      const outgoing = request(
        new URL(incoming.url!, this.target),
        { method: incoming.method!, headers, agent: false },
        resolve,
      );
      outgoing.on('error', reject).end(body);
    });
    const answer = await collected(reply);
    const kept = Object.entries(reply.headers).filter(
      ([name]) => !['transfer-encoding', 'connection', 'keep-alive', 'content-length'].includes(name),
    );
    const lines = [
      `HTTP/1.1 ${reply.statusCode} ${reply.statusMessage}`,
      ...kept.flatMap(([name, value]) => [value].flat().map((each) => `${name}: ${each}`)),
      'connection: close',
      ...(reply.statusCode === 204 ? [] : [`content-length: ${answer.length}`]),
    ];
    return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), answer]);
  }
}

async function collected(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
