import { afterEach, describe, expect, it } from '@jest/globals';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { encode } from '../codec/index.js';
import { actor } from '../../../test/requests/requests.contract.js';
import { serve, signer } from '../../../test/requests/subject.js';
import { HttpRequests, type HttpRequestsOptions } from './http-requests.js';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

type Options = Partial<Omit<HttpRequestsOptions, 'targets' | 'signer'>>;

function client(url: string, options: Options = {}) {
  const requests = new HttpRequests({ targets: { contract: url }, signer: signer(), ...options });
  closers.push(() => requests.close());
  return {
    send: (what: string, payload: unknown = {}, timeoutMs?: number) =>
      requests.send<Record<string, unknown>>(`contract.${what}`, payload, {
        actor,
        ...(timeoutMs && { timeoutMs }),
      }),
  };
}

async function service() {
  const served = await serve({ maxInFlight: 64 }, true);
  closers.push(() => served.service.close());
  let connections = 0;
  served.service.app.getHttpServer().on('connection', () => connections++);
  return { ...served, url: served.service.url, connections: () => connections };
}

/** A server of raw bytes: what it answers once a whole request has arrived, and how many requests that were. */
async function rawServer(answer: (socket: Socket) => void, port = 0) {
  const seen: string[] = [];
  const server: Server = createServer((socket) => {
    let text = '';
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      if (!/\r\n\r\n[^]/.test(text)) return;
      seen.push(text);
      text = '';
      answer(socket);
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => server.close());
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => seen.length,
    seen,
  };
}

const http =
  (status: string, type: string, body: string | Uint8Array, length = body.length) =>
  (socket: Socket) => {
    socket.write(
      `HTTP/1.1 ${status}\r\ncontent-type: ${type}\r\ncontent-length: ${length}\r\nconnection: close\r\n\r\n`,
    );
    socket.end(body);
  };

/** When the next connection could not be made. */
const connectRefused = () =>
  new Promise<void>((resolve) => {
    const listener = () => {
      unsubscribe('undici:client:connectError', listener);
      resolve();
    };
    subscribe('undici:client:connectError', listener);
  });

const TIMEOUT = { code: 'TIMEOUT', message: 'Not confirmed. It is safe to try again.' };

describe('connections', () => {
  it('200 requests one after another share one connection', async () => {
    const { url, connections } = await service();
    const { send } = client(url);
    for (let i = 0; i < 200; i++) await send('echo', { value: i });
    expect(connections()).toBe(1);
  });

  it('refusals, and bodies of megabytes, do not cost the connection', async () => {
    const { url, connections } = await service();
    const { send } = client(url);
    for (const what of ['refuse', 'break', 'not-there', 'unsendable'])
      await expect(send(what)).rejects.toThrow();
    await send('echo', { value: new Uint8Array(5_000_000) });
    await expect(send('checked', { name: 'too long' })).rejects.toThrow();
    expect(connections()).toBe(1);
  });

  it('300 requests at once share as many connections as are allowed', async () => {
    const { url, connections } = await service();
    const { send } = client(url, { maxInFlight: 4 });
    await Promise.all(Array.from({ length: 300 }, (_, i) => send('echo', { value: i })));
    expect(connections()).toBe(4);
  });

  it('one is lost when the caller stops waiting for a server that says nothing, and only that one', async () => {
    const silent = await rawServer(() => undefined);
    const { send } = client(silent.url, { maxInFlight: 1 });
    await expect(send('echo', {}, 200)).rejects.toMatchObject(TIMEOUT);
    await expect(send('echo', {}, 200)).rejects.toMatchObject(TIMEOUT);
    expect(silent.requests()).toBe(2);
  });
});

describe('the line before a service', () => {
  it('is of limited length; beyond it UNAVAILABLE, and nothing is sent', async () => {
    const { url, journal } = await service();
    const { send } = client(url, { maxInFlight: 1, maxWaiting: 1 });
    const first = send('gated');
    await journal.until(({ runs }) => runs.length === 1);
    const second = send('effect', { command: 'second' });
    await expect(send('effect', { command: 'third' })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    journal.openGate();
    await Promise.all([first, second]);
    expect([...journal.effects]).toEqual(['second']);
  });

  it('is left at the deadline with UNAVAILABLE, and nothing is sent', async () => {
    const { url, journal } = await service();
    const { send } = client(url, { maxInFlight: 1 });
    const first = send('gated');
    await journal.until(({ runs }) => runs.length === 1);
    await expect(send('effect', { command: 'late' }, 50)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    journal.openGate();
    await first;
    expect(journal.effects.size).toBe(0);
  });
});

describe('a connection that fails', () => {
  async function freePort(): Promise<number> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    return port;
  }

  it('because nobody listens is UNAVAILABLE, without names of hosts', async () => {
    const { send } = client(`http://127.0.0.1:${await freePort()}`, { connectPauses: [1] });
    const error = await send('echo').catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'UNAVAILABLE' });
    expect((error as Error).message).not.toMatch(/127\.0\.0\.1|ECONN/);
  });

  it('because nobody listens yet is tried again: nothing was sent', async () => {
    const port = await freePort();
    const { send } = client(`http://127.0.0.1:${port}`, {
      connectPauses: Array.from({ length: 400 }, () => 20),
    });
    const refused = connectRefused();
    const sent = send('echo');
    await refused;
    const late = await rawServer(http('200 OK', 'application/msgpack', encode({ ok: true })), port);
    await expect(sent).resolves.toEqual({ ok: true });
    expect(late.requests()).toBe(1);
  });

  it('while the request is there is TIMEOUT, and it is not sent again', async () => {
    const breaking = await rawServer((socket) => socket.destroy());
    await expect(client(breaking.url).send('echo')).rejects.toMatchObject(TIMEOUT);
    expect(breaking.requests()).toBe(1);
  });

  it('in the middle of the reply is TIMEOUT, and it is not sent again', async () => {
    const reply = encode({ done: true });
    const cut = await rawServer(http('200 OK', 'application/msgpack', reply.subarray(0, 3), reply.length));
    await expect(client(cut.url).send('echo')).rejects.toMatchObject(TIMEOUT);
    expect(cut.requests()).toBe(1);
  });
});

describe('a reply that is not of the service', () => {
  it.each<[string, string, string, string | Uint8Array]>([
    ['success of a proxy', '200 OK', 'text/html', '<p>Welcome</p>'],
    ['success without our content', '200 OK', 'application/msgpack', Uint8Array.of(0xc1)],
    ['success of another kind', '204 No Content', 'application/msgpack', ''],
    ['an error of a proxy', '502 Bad Gateway', 'text/html', '<p>Bad gateway</p>'],
    ['an error that is no error body', '503 Service Unavailable', 'application/json', '{"error":5}'],
    ['an error that is null', '503 Service Unavailable', 'application/json', 'null'],
  ])('%s is TIMEOUT: nobody knows', async (_, status, type, body) => {
    const foreign = await rawServer(http(status, type, body));
    await expect(client(foreign.url).send('echo')).rejects.toMatchObject(TIMEOUT);
    expect(foreign.requests()).toBe(1);
  });

  it('keeps the message of a code that a newer release may have', async () => {
    const newer = await rawServer(
      http('418 X', 'application/json', '{"error":"NEWER","message":"Wait for it."}'),
    );
    await expect(client(newer.url).send('echo')).rejects.toMatchObject({
      code: 'INTERNAL',
      message: 'Wait for it.',
    });
  });

  it('larger than the limit is TIMEOUT, and is not read to its end', async () => {
    const large = await rawServer(http('200 OK', 'application/msgpack', encode(new Uint8Array(5_000))));
    await expect(client(large.url, { maxBodyBytes: 4_000 }).send('echo')).rejects.toMatchObject(TIMEOUT);
  });
});

describe('the deadline', () => {
  it('travels as what is left of it, a little less, so that the server can answer first', async () => {
    const ok = await rawServer(http('200 OK', 'application/msgpack', encode(null)));
    const { send } = client(ok.url);
    for (const [given, least] of [
      [undefined, 24_000],
      [60_000, 24_000],
      [10_000, 9_000],
    ] as const) {
      await send('echo', {}, given);
      const sent = Number(/tidemark-timeout-ms: (\d+)/.exec(ok.seen.at(-1)!)![1]);
      expect(sent).toBeGreaterThan(least);
      expect(sent).toBeLessThan(Math.min(given ?? 25_000, 25_000));
    }
  });
});

describe('a payload larger than the limit', () => {
  it('is TOO_LARGE before it is sent', async () => {
    const silent = await rawServer(() => undefined);
    const { send } = client(silent.url, { maxBodyBytes: 1_000 });
    await expect(send('echo', { value: new Uint8Array(1_000) })).rejects.toMatchObject({ code: 'TOO_LARGE' });
    expect(silent.requests()).toBe(0);
  });
});
