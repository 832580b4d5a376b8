import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from 'node:net';
import {
  BadRequestException,
  Body,
  Controller,
  ForbiddenException,
  Get,
  HttpException,
  Module,
  Param,
  ParseIntPipe,
  Post,
  Query,
  RequestTimeoutException,
  ServiceUnavailableException,
} from '@nestjs/common';
import { DomainError, errorKinds, notFound, type ErrorCode } from '@tidemark/contracts';
import { IsInt, IsString, Length, ValidateNested } from 'class-validator';
import { Type } from 'class-transformer';
import { startService, type Service } from '../app/start-service.js';
import { silentLogger } from '../logging/logger.js';

const SECRET = 'secret-7f3a';

class Inner {
  @IsInt()
  readonly count!: number;
}

class Thing {
  @IsString()
  @Length(1, 5)
  readonly name!: string;

  @ValidateNested()
  @Type(() => Inner)
  readonly inner?: Inner;
}

const frameworks: Record<string, () => Error> = {
  bad: () => new BadRequestException(SECRET),
  forbidden: () => new ForbiddenException(SECRET),
  late: () => new RequestTimeoutException(SECRET),
  away: () => new ServiceUnavailableException(SECRET),
  teapot: () => new HttpException(SECRET, 418),
  unsupported: () => new HttpException(SECRET, 406),
  many: () => new HttpException(SECRET, 429),
  broken: () => new HttpException({ hidden: SECRET }, 500),
  type: () => new TypeError(`cannot read ${SECRET}`),
  sql: () => Object.assign(new Error(`syntax error at ${SECRET}`), { code: '42601', statusCode: 418 }),
};

@Controller()
class Planted {
  @Get('domain/:code')
  domain(@Param('code') code: ErrorCode): never {
    throw new DomainError(code, 'What is wrong and what to do.', [{ field: 'a', rule: 'b' }]);
  }

  @Get('framework/:name')
  framework(@Param('name') name: string): never {
    throw frameworks[name]!();
  }

  @Get('not-an-error')
  notAnError(): never {
    throw { hidden: SECRET } as unknown as Error;
  }

  @Get('silent')
  silent(): Promise<never> {
    return new Promise(() => undefined);
  }

  @Get('number/:n')
  number(@Param('n', ParseIntPipe) n: number): { n: number } {
    return { n };
  }

  @Post('things')
  add(@Body() thing: Thing): Thing {
    return thing;
  }

  @Get('things')
  list(@Query() thing: Thing): Thing {
    return thing;
  }
}

@Module({ controllers: [Planted] })
class PlantedModule {}

let service: Service;
let refusals = 0;
const shapes = new Set<string>();

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

beforeAll(async () => {
  service = await startService(PlantedModule, {
    name: 'planted',
    host: '127.0.0.1',
    port: 0,
    logger: silentLogger,
    limits: { bodyBytes: 1_000, answerMs: 1_500, arrivalMs: 200 },
  });
});

afterAll(async () => {
  await service?.close();
  console.log(`GATE R36 refusals=${refusals} shapes=${shapes.size}`);
});

/** What holds for each and every refusal; returns its body. */
function contract(
  { status, headers, text }: Answer,
  wanted: number,
  code: ErrorCode,
): Record<string, unknown> {
  expect({ status, text }).toEqual({ status: wanted, text: expect.stringContaining(`"${code}"`) });
  expect(headers.get('content-type')).toMatch(/^application\/json/);
  const body = JSON.parse(text);
  const { details, ...rest } = body;
  expect(Object.keys(rest).sort()).toEqual(['error', 'message', 'requestId']);
  expect(body.error).toBe(code);
  expect(body.message).toMatch(/^\S.{5,}\S$/s);
  expect(body.requestId).toBe(headers.get('x-request-id'));
  expect(body.requestId).toMatch(/^[\w.:-]{1,100}$/);
  if (details !== undefined) expect(details).toEqual(expect.arrayContaining([expect.any(Object)]));
  if (status === 429 || status === 503) expect(headers.get('retry-after')).toMatch(/^\d+$/);
  expect(text).not.toMatch(/secret-7f3a|FST_ERR|Exception|node_modules|\.ts\b|\.js\b|statusCode/);
  refusals++;
  shapes.add(Object.keys(body).sort().join());
  return body;
}

async function call(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(service.url + path, init);
  return { status: response.status, headers: response.headers, text: await response.text() };
}

const post = (
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = { 'content-type': 'application/json' },
) => call('/things', { method: 'POST', body, headers });

/** Bytes on a socket, and what comes back until the server closes. */
async function raw(bytes: string, url = service.url): Promise<Answer> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(bytes);
  let reply = '';
  for await (const chunk of socket) reply += String(chunk);
  const [head = '', text = ''] = reply.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const headers = new Headers(lines.map((line) => line.split(/: ?(.*)/s, 2) as [string, string]));
  return { status: Number(first.split(' ')[1]), headers, text };
}

describe('every refusal has the form of the error contract', () => {
  it.each(Object.entries(errorKinds))('%s thrown by our own code', async (code, { status }) => {
    const body = contract(await call(`/domain/${code}`), status, code as ErrorCode);
    expect(body).toMatchObject({
      message: 'What is wrong and what to do.',
      details: [{ field: 'a', rule: 'b' }],
    });
  });

  it.each([
    ['bad', 400, 'BAD_REQUEST'],
    ['forbidden', 403, 'FORBIDDEN'],
    ['late', 504, 'TIMEOUT'],
    ['away', 503, 'UNAVAILABLE'],
    ['teapot', 400, 'BAD_REQUEST'],
    ['unsupported', 406, 'NOT_ACCEPTABLE'],
    ['many', 429, 'RATE_LIMITED'],
    ['broken', 500, 'INTERNAL'],
    ['type', 500, 'INTERNAL'],
    ['sql', 500, 'INTERNAL'],
  ] as const)('the framework or a bug throws: %s', async (name, status, code) => {
    contract(await call(`/framework/${name}`), status, code);
  });

  it('something is thrown that is no error', async () => {
    contract(await call('/not-an-error'), 500, 'INTERNAL');
  });

  it('a handler that does not answer', async () => {
    const body = contract(await call('/silent'), 504, 'TIMEOUT');
    expect(body['message']).toBe('Not confirmed. It is safe to try again.');
  });

  it('a parameter of the wrong kind', async () => {
    contract(await call('/number/x'), 400, 'BAD_REQUEST');
  });

  it.each([
    ['an unknown path', '/nowhere', 'GET'],
    ['an unknown path with a query', '/nowhere?token=secret-7f3a', 'DELETE'],
    ['a path below a known one', '/things/1/2', 'GET'],
  ])('%s', async (_what, path, method) => {
    const body = contract(await call(path, { method }), 404, 'NOT_FOUND');
    expect(body['message']).toBe(notFound().message);
  });

  it.each(['DELETE', 'PUT', 'PATCH', 'OPTIONS', 'PROPFIND'])('a known path with %s', async (method) => {
    const answer = await call('/things?a=b', { method });
    contract(answer, 405, 'METHOD_NOT_ALLOWED');
    expect(answer.headers.get('allow')).toBe('GET, HEAD, POST');
  });

  it.each([
    ['cut off', '{"name":"a"'],
    ['empty', ''],
    ['not JSON', 'name=secret-7f3a'],
    ['a prototype in it', '{"name":"a","__proto__":{"admin":true}}'],
    ['a constructor in it', '{"name":"a","constructor":{"prototype":{"admin":true}}}'],
    ['not UTF-8', new Uint8Array([0x22, 0xff, 0x22])],
  ])('a body that is %s', async (_what, body) => {
    contract(await post(body), 400, 'INVALID_JSON');
  });

  it.each([
    ['no content type', {}],
    ['text', { 'content-type': 'text/plain' }],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['an unreadable content type', { 'content-type': '///' }],
    ['another charset', { 'content-type': 'application/json; charset=latin1' }],
    ['a compressed body', { 'content-type': 'application/json', 'content-encoding': 'gzip' }],
  ])('a body with %s', async (_what, headers) => {
    contract(await post(new TextEncoder().encode('{"name":"a"}'), headers), 415, 'UNSUPPORTED_MEDIA_TYPE');
  });

  it('a body above the limit, announced', async () => {
    contract(await post(JSON.stringify({ name: 'x'.repeat(2_000) })), 413, 'TOO_LARGE');
  });

  it('a body above the limit, in chunks that never end', async () => {
    const chunk = `200\r\n${'x'.repeat(0x200)}\r\n`;
    const head =
      'POST /things HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n';
    contract(await raw(head + chunk.repeat(8)), 413, 'TOO_LARGE');
  });

  it.each([
    ['a wrong type', '{"name":7}', 'name'],
    ['too long', '{"name":"secret-7f3a"}', 'name'],
    ['an unknown field', '{"name":"a","rôle":1}', String.raw`"r\u{f4}le"`],
    ['a very long unknown field', `{"name":"a","${'y'.repeat(300)}":1}`, `"${'y'.repeat(80)}…"`],
    ['a wrong type inside', '{"name":"a","inner":{"count":"many"}}', 'inner.count'],
    ['a list', '[1]', ''],
    ['a bare text', '"secret-7f3a"', ''],
    ['null', 'null', ''],
  ])('input with %s names field and rule', async (_what, json, field) => {
    const { message, details } = contract(await post(json), 400, 'INVALID_INPUT');
    expect(message).toContain(field);
    if (field) expect(details).toEqual([{ field, rule: expect.stringMatching(/^\w+$/) }]);
  });

  it('a query that is refused by its class', async () => {
    contract(await call('/things?name=abcdefg'), 400, 'INVALID_INPUT');
  });

  it.each([
    ['a broken escape', '/number/%zz', 400, 'BAD_REQUEST'],
    ['a parameter without end', `/number/${'1'.repeat(200)}`, 414, 'URI_TOO_LONG'],
    ['an address without end', `/things?name=${'a'.repeat(9_000)}`, 414, 'URI_TOO_LONG'],
  ] as const)('%s', async (_what, path, status, code) => {
    contract(await raw(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`), status, code);
  });

  it.each([
    ['no HTTP', 'hello\r\n\r\n', 400, 'BAD_REQUEST'],
    ['an unknown method', 'FETCH / HTTP/1.1\r\nhost: x\r\n\r\n', 400, 'BAD_REQUEST'],
    ['no host', 'GET /things HTTP/1.1\r\n\r\n', 400, 'BAD_REQUEST'],
    [
      'two lengths',
      'POST /things HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n',
      400,
      'BAD_REQUEST',
    ],
    [
      'a length and chunks',
      'POST /things HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n',
      400,
      'BAD_REQUEST',
    ],
    [
      'a strange expectation',
      'GET /things HTTP/1.1\r\nhost: x\r\nexpect: wonders\r\n\r\n',
      400,
      'BAD_REQUEST',
    ],
    [
      'headers without end',
      `GET / HTTP/1.1\r\nhost: x\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`,
      431,
      'HEADERS_TOO_LARGE',
    ],
    ['a tunnel', 'CONNECT example.org:443 HTTP/1.1\r\nhost: example.org\r\n\r\n', 405, 'METHOD_NOT_ALLOWED'],
    ['half a head', 'GET / HTTP/1.1\r\nhost: x\r\n', 408, 'TIMEOUT'],
    [
      'half a body',
      'POST /things HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{',
      408,
      'TIMEOUT',
    ],
  ] as const)('bytes that are %s', async (_what, bytes, status, code) => {
    contract(await raw(bytes), status, code);
  });

  it('not ready', async () => {
    const takeBack = service.health.add({ name: 'planted', check: () => 'does not move' });
    const { details } = contract(await call('/health/ready'), 503, 'UNAVAILABLE');
    expect(details).toEqual([{ id: 'planted', rule: 'does not move' }]);
    takeBack();
    expect((await call('/health/ready')).status).toBe(200);
  });
});

describe('the request id', () => {
  it.each(['x-request-id', 'insomnia-request-id'])('is the one in %s', async (header) => {
    const { headers } = await call('/nowhere', { headers: { [header]: 'req_0b1f.7' } });
    expect(headers.get('x-request-id')).toBe('req_0b1f.7');
  });

  it.each(['a b', 'x'.repeat(101), '<script>'])('is a new one instead of %p', async (id) => {
    const { headers } = await call('/nowhere', { headers: { 'x-request-id': id } });
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('while the process shuts down', () => {
  it('what is in flight is answered, and what comes later is refused in the same form', async () => {
    const other = await startService(PlantedModule, {
      name: 'ending',
      host: '127.0.0.1',
      port: 0,
      logger: silentLogger,
      limits: { answerMs: 1_500 },
    });
    const inFlight = fetch(`${other.url}/silent`);
    // The connection that is open already may still bring a request.
    const { hostname, port } = new URL(other.url);
    const open = connect(Number(port), hostname);
    const replies = (async () => {
      let text = '';
      for await (const chunk of open) text += String(chunk);
      return text;
    })();
    open.write('GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n');
    while (open.bytesRead === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    const closed = other.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
    open.write('GET /things HTTP/1.1\r\nhost: x\r\n\r\n');
    const second = (await replies).slice(1).split('HTTP/1.1 ')[1]!;
    const [head = '', text = ''] = second.split('\r\n\r\n');
    const headers = new Headers(
      head
        .split('\r\n')
        .slice(1)
        .map((line) => line.split(/: ?(.*)/s, 2) as [string, string]),
    );
    contract({ status: Number(head.slice(0, 3)), headers, text }, 503, 'UNAVAILABLE');
    const answered = await inFlight;
    contract(
      { status: answered.status, headers: answered.headers, text: await answered.text() },
      504,
      'TIMEOUT',
    );
    await closed;
    await expect(fetch(`${other.url}/things`)).rejects.toThrow();
  });
});
