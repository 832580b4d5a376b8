import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { json } from 'node:stream/consumers';
import { Metrics } from '@tidemark/runtime';
import { decode, encode } from '../codec/index.js';
import { actor } from '../../../test/requests/requests.contract.js';
import { serve, signer } from '../../../test/requests/subject.js';

type Served = Awaited<ReturnType<typeof serve>>;

let served: Served;
const agent = new Agent({ keepAlive: true });

beforeEach(async () => {
  served = await serve({ maxInFlight: 2, maxBytesInFlight: 1_000_000 }, true);
});
afterEach(async () => {
  served.journal.openGate();
  agent.destroy();
  await served.service.close();
});

type Headers = Record<string, string | number | undefined>;

async function signed(what: string, body: Uint8Array): Promise<Headers> {
  const token = signer().sign(actor, `contract.${what}`, body);
  return { 'content-type': 'application/msgpack', 'tidemark-actor': token, 'x-request-id': actor.requestId };
}

function open(what: string, headers: Headers) {
  const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
  const url = `${served.service.url}/requests/contract.${what}`;
  const outgoing = request(url, { method: 'POST', agent, headers: given });
  outgoing.on('error', () => undefined);
  return outgoing;
}

async function post(what: string, headers: Headers = {}, payload: unknown = {}): Promise<IncomingMessage> {
  const body = encode(payload);
  const outgoing = open(what, { ...(await signed(what, body)), 'content-length': body.length, ...headers });
  outgoing.end(body);
  const [reply] = (await once(outgoing, 'response')) as [IncomingMessage];
  return reply;
}

async function errorOf(reply: IncomingMessage) {
  expect(reply.headers['content-type']).toBe('application/json; charset=utf-8');
  return { status: reply.statusCode, ...((await json(reply)) as object) };
}

async function inFlight(count: number): Promise<void> {
  const until = Date.now() + 20_000;
  while (served.server.inFlight !== count && Date.now() < until)
    await new Promise((resolve) => setImmediate(resolve));
  expect(served.server.inFlight).toBe(count);
}

describe('the listener for requests', () => {
  it('answers bytes with bytes', async () => {
    const reply = await post('echo', {}, { value: 1 });
    expect(reply.headers['content-type']).toBe('application/msgpack');
    const [bytes] = (await reply.toArray()) as [Buffer];
    expect(decode(bytes)).toMatchObject({ value: 1, actor });
  });

  it('answers TIMEOUT by itself when the time that the caller gave is over', async () => {
    await expect(errorOf(await post('gated', { 'tidemark-timeout-ms': 50 }))).resolves.toEqual({
      status: 504,
      error: 'TIMEOUT',
      message: 'Not confirmed. It is safe to try again.',
      requestId: 'req_1',
    });
  });

  it.each(['soon', '-5', '1e3', '99999999'])('refuses a deadline of %p', async (text) => {
    await expect(errorOf(await post('effect', { 'tidemark-timeout-ms': text }))).resolves.toMatchObject({
      status: 400,
      error: 'BAD_REQUEST',
    });
  });

  it('refuses other content, content of unknown length, and content that it cannot read', async () => {
    const json = await errorOf(await post('echo', { 'content-type': 'application/json' }));
    expect(json).toMatchObject({ status: 415, error: 'UNSUPPORTED_MEDIA_TYPE', requestId: 'req_1' });
    const chunked = await errorOf(
      await post('echo', { 'content-length': undefined, 'transfer-encoding': 'chunked' }),
    );
    expect(chunked).toMatchObject({ status: 400, error: 'BAD_REQUEST' });
    const garbage = Uint8Array.of(0xc1);
    const outgoing = open('echo', { ...(await signed('echo', garbage)), 'content-length': 1 });
    outgoing.end(garbage);
    const [reply] = (await once(outgoing, 'response')) as [IncomingMessage];
    expect(await errorOf(reply)).toMatchObject({ status: 400, error: 'BAD_REQUEST' });
  });

  it('takes JSON on other routes of the service, and its own content only on its own', async () => {
    const health = await fetch(`${served.service.url}/health/live`);
    expect(health.status).toBe(200);
    const other = await fetch(`${served.service.url}/health/live`, {
      method: 'POST',
      body: encode({}) as Uint8Array<ArrayBuffer>,
      headers: { 'content-type': 'application/msgpack' },
    });
    expect([404, 405, 415]).toContain(other.status);
  });

  it('is UNAVAILABLE with Retry-After when it is full, before it has read anything, and keeps the connection', async () => {
    const held = [post('gated'), post('gated')];
    await served.journal.until(({ runs }) => runs.length === 2);
    // The body of this one is never sent.
    const body = encode({});
    const unread = open('echo', { ...(await signed('echo', body)), 'content-length': 500_000 });
    unread.flushHeaders();
    const [reply] = (await once(unread, 'response')) as [IncomingMessage];
    expect(reply.headers['retry-after']).toBe('1');
    expect(await errorOf(reply)).toMatchObject({ status: 503, error: 'UNAVAILABLE' });
    unread.destroy();
    served.journal.openGate();
    for (const reply of await Promise.all(held)) expect(reply.resume().statusCode).toBe(200);
  });

  it('counts bytes that are announced, and forgets those that never come', async () => {
    const uploads = [600_000, 600_000].map((length) =>
      open('echo', { 'content-type': 'application/msgpack', 'content-length': length }),
    );
    const [first, second] = uploads as [ReturnType<typeof open>, ReturnType<typeof open>];
    first.flushHeaders();
    await inFlight(1);
    second.flushHeaders();
    const [reply] = (await once(second, 'response')) as [IncomingMessage];
    expect(await errorOf(reply)).toMatchObject({ status: 503, error: 'UNAVAILABLE' });
    second.destroy();
    first.destroy();
    await inFlight(0);
    const small = await post('echo', {}, { value: new Uint8Array(600_000) });
    expect(small.resume().statusCode).toBe(200);
  });

  it('while draining: 503 with Retry-After and the end of the connection; what is under way is answered', async () => {
    const held = post('gated');
    await served.journal.until(({ runs }) => runs.length === 1);
    const drained = served.server.drain();
    const refused = await post('effect', {}, { command: 'c1' });
    expect(refused.headers).toMatchObject({ 'retry-after': '1', connection: 'close' });
    expect(await errorOf(refused)).toMatchObject({ status: 503, error: 'UNAVAILABLE', requestId: 'req_1' });
    served.journal.openGate();
    const answered = await held;
    expect(answered.resume().statusCode).toBe(200);
    expect(answered.headers.connection).toBe('close');
    await drained;
    expect(served.journal.effects.size).toBe(0);
  });

  it('when the service closes: what is under way is answered, and what is new is UNAVAILABLE', async () => {
    const held = post('gated');
    await served.journal.until(({ runs }) => runs.length === 1);
    let closed = false;
    const closing = served.service.close().then(() => (closed = true));
    const refusedOnce = async (): Promise<void> => {
      const reply = await post('effect', {}, { command: 'c1' });
      if (reply.resume().statusCode === 200) return refusedOnce();
      expect(reply.statusCode).toBe(503);
    };
    await refusedOnce();
    expect(closed).toBe(false);
    served.journal.openGate();
    expect((await held).resume().statusCode).toBe(200);
    await closing;
  });

  it('measures each request by pattern and outcome, and invents no patterns', async () => {
    for (const what of ['echo', 'echo', 'refuse', 'not-there', 'nor-this']) (await post(what)).resume();
    const text = await served.service.app
      .get(Metrics)
      .registry.getSingleMetricAsString('tidemark_request_seconds');
    const counts = [...text.matchAll(/_count\{([^}]*)\} (\d+)/g)].map(
      ([, labels, count]) => `${labels} ${count}`,
    );
    expect(counts.map((line) => line.replace(/,?service="contract",?/, '')).sort()).toEqual([
      'pattern="contract.echo",outcome="ok" 2',
      'pattern="contract.refuse",outcome="HISTORY_CONFLICT" 1',
      'pattern="unknown",outcome="UNAVAILABLE" 2',
    ]);
  });
});
