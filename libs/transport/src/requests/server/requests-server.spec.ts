import { describe, expect, it } from '@jest/globals';
import { unauthorized } from '@tidemark/contracts';
import { type Logger, silentLogger } from '@tidemark/runtime';
import { decode, encode } from '../codec/index.js';
import { ActorSigner } from '../actor/actor-signer.js';
import { RequestsServer } from './requests-server.js';

const actorKey = new Uint8Array(32).fill(7);
const actor = { account: 'acct_1', requestId: 'req_1' };
const handler = async () => 'done';

const server = () => new RequestsServer({ actorKey, logger: silentLogger });

async function requestFor(pattern: string) {
  const body = encode({});
  const token = new ActorSigner(actorKey).sign(actor, pattern, body);
  return { pattern, body, actor: token, requestId: 'req_1', timeoutMs: 10_000 };
}

const signedAt = (at: number) =>
  new ActorSigner(actorKey, () => at).sign(actor, 'orgs.authenticate', encode({}));

const errorIn = (body: Uint8Array): unknown => JSON.parse(Buffer.from(body).toString());

describe('the server of requests', () => {
  it('has one handler for each pattern, and says which has two', () => {
    const two = server();
    two.addHandler('orgs.get', handler);
    expect(() => two.addHandler('orgs.get', handler)).toThrow('Two handlers answer the pattern orgs.get.');
  });

  it('does not answer requests with what hears events', async () => {
    const hearing = server();
    hearing.addHandler('orgs.events', handler, true);
    hearing.listen(() => undefined);
    const { status } = await hearing.receive(await requestFor('orgs.events'));
    expect(status).toBe(503);
  });

  it('is UNAVAILABLE before it listens and once it drains, and answers in between', async () => {
    const answering = server();
    answering.addHandler('orgs.get', handler);
    const before = await answering.receive(await requestFor('orgs.get'));
    expect(errorIn(before.body)).toMatchObject({ error: 'UNAVAILABLE', requestId: 'req_1' });
    expect(before).toMatchObject({ status: 503, retryAfter: 1 });
    answering.listen(() => undefined);
    const between = await answering.receive(await requestFor('orgs.get'));
    expect([between.status, decode(between.body)]).toEqual([200, 'done']);
    await answering.close();
    const after = await answering.receive(await requestFor('orgs.get'));
    expect(after.status).toBe(503);
  });

  it('tells the log of a handler that fails after its caller has gone', async () => {
    const logged: unknown[] = [];
    const log = { ...silentLogger, error: (fields: object) => logged.push(fields) };
    const late = new RequestsServer({ actorKey, logger: log });
    const failing = Promise.withResolvers<never>();
    late.addHandler('orgs.get', () => failing.promise);
    late.listen(() => undefined);
    const { status } = await late.receive({ ...(await requestFor('orgs.get')), timeoutMs: 10 });
    expect([status, logged]).toEqual([504, []]);
    const bug = new TypeError('late');
    failing.reject(bug);
    await late.drain();
    expect(logged).toEqual([{ pattern: 'orgs.get', requestId: 'req_1', err: bug }]);
  });

  describe('of what is not allowed in', () => {
    const watched = () => {
      const logged: [level: string, cause: unknown, text: string][] = [];
      const note = (level: string) => (fields: object, text?: string) =>
        logged.push([level, Reflect.get(fields, 'cause'), text!]);
      const logger: Logger = { ...silentLogger, warn: note('warn'), error: note('error') };
      const listening = new RequestsServer({ actorKey, logger });
      listening.addHandler('orgs.authenticate', () => Promise.reject(unauthorized()));
      listening.listen(() => undefined);
      return { listening, logged };
    };

    it('says nothing to the log when it is a session that has ended', async () => {
      const { listening, logged } = watched();
      const { status, body } = await listening.receive(await requestFor('orgs.authenticate'));
      expect([status, errorIn(body)]).toEqual([401, expect.objectContaining({ error: 'UNAUTHORIZED' })]);
      expect(logged).toEqual([]);
    });

    it.each([
      ['a missing actor context', 'missing', (): string | undefined => undefined],
      ['a forged one', 'forged', (token: string) => `${token}x`],
      ['one of a clock that is ahead', 'from the future', () => signedAt(Date.now() + 6_000)],
    ])('tells the log of %s, and calls no session ended', async (_what, reason, alter) => {
      const { listening, logged } = watched();
      const request = await requestFor('orgs.authenticate');
      const { status, body } = await listening.receive({ ...request, actor: alter(request.actor) });
      expect([status, errorIn(body)]).toEqual([503, expect.objectContaining({ error: 'UNAVAILABLE' })]);
      const cause = `The actor context is ${reason}.`;
      expect(logged).toEqual([['error', cause, 'a request came without a good actor context']]);
    });
  });

  it('stops waiting for a handler that never ends when the time to drain is over', async () => {
    const stuck = server();
    stuck.addHandler('orgs.get', () => new Promise<never>(() => undefined));
    stuck.listen(() => undefined);
    const { status } = await stuck.receive({ ...(await requestFor('orgs.get')), timeoutMs: 10 });
    expect(status).toBe(504);
    await stuck.drain(10);
    expect(stuck.inFlight).toBe(1);
  });
});
