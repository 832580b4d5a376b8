import { describe, expect, it } from '@jest/globals';
import { withRequestId } from '../request-context/request-context.js';
import { createLogger } from './create-logger.js';

const CANARY = 'c4n4ry-0123456789-abcdefghijklmnopqrstuvwxyz';

function logged(write: (logger: ReturnType<typeof createLogger>) => void, level: 'debug' | 'info' = 'debug') {
  const lines: string[] = [];
  write(createLogger({ level, name: 'orgs', write: (line) => lines.push(line) }));
  return lines;
}

describe('a log line', () => {
  it('is one JSON object with service, level, time and the request that it belongs to', () => {
    const [line] = logged((logger) => withRequestId('r-1', () => logger.info({ a: 1 }, 'said')));
    expect(JSON.parse(line!)).toMatchObject({
      service: 'orgs',
      level: 'info',
      requestId: 'r-1',
      a: 1,
      msg: 'said',
    });
    expect(line).toMatch(/\n$/);
  });

  it('is left out below its level', () => {
    expect(logged((logger) => logger.debug({}, 'x'), 'info')).toEqual([]);
  });

  it.each([
    ['a header', { headers: { authorization: CANARY } }],
    ['a header of a request', { request: { headers: { 'x-session-id': CANARY, cookie: CANARY } } }],
    ['a field', { token: CANARY, password: CANARY, sessionId: CANARY }],
    ['a query', { path: `/v1/teams/org_1/streams?a=b&sessionId=${CANARY}&c=d` }],
    ['an address', { url: `postgres://user:${CANARY}@db/tidemark` }],
    ['a bearer in a text', { text: `sent Authorization: Bearer ${CANARY} to them` }],
    ['an operator token anywhere', { text: `it was tm_${CANARY} indeed` }],
    ['an error', { err: new Error(`connect to redis://:${CANARY}@cache failed`) }],
    ['a cause', { err: new Error('outer', { cause: new Error(`amqp://u:${CANARY}@x`) }) }],
  ])('has no secret from %s', (_where, fields) => {
    const [line] = logged((logger) => logger.error(fields, 'failed'));
    expect(line).not.toContain(CANARY.slice(0, 12));
    expect(() => JSON.parse(line!)).not.toThrow();
  });

  it('has no secret from its sentence', () => {
    const [line] = logged((logger) => logger.warn({}, `GET /x?token=${CANARY} failed`));
    expect(line).toContain('GET /x?token=[hidden] failed');
  });
});
