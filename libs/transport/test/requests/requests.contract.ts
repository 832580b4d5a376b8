import assert from 'node:assert/strict';
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';
import { type ActorContext, DomainError, isErrorCode } from '@tidemark/contracts';
import { isError } from '@tidemark/runtime';
import { ActorSigner } from '../../src/requests/actor/actor-signer.js';
import type { WireRequest } from '../../src/requests/wire.js';
import { conflict, SECRET } from './contract-handlers.js';
import { FULL, KEY, type Subject } from './subject.js';

export interface Check {
  readonly name: string;
  run(subject: Subject): Promise<void>;
}

export const actor: ActorContext = {
  account: 'acct_1',
  session: 'sess_1',
  org: 'org_1',
  grantsVersion: 7,
  requestId: 'req_1',
};

/** For deadlines that are meant to pass. */
const SHORT_MS = 700;

const send = ({ requests }: Subject, what: string, payload: unknown = {}, timeoutMs?: number) =>
  requests.send<Record<string, unknown>>(`contract.${what}`, payload, {
    actor,
    ...(timeoutMs && { timeoutMs }),
  });

async function refusal({ patienceMs }: Subject, sent: Promise<unknown>): Promise<DomainError> {
  const hang = pause(patienceMs, 'hang' as const, { ref: false });
  const outcome = await Promise.race([
    sent.then(
      () => 'success' as const,
      (error: unknown) => error,
    ),
    hang,
  ]);
  assert(
    outcome instanceof DomainError,
    `expected a refusal, but it was ${isError(outcome) ? outcome.stack : String(outcome)}`,
  );
  assert(isErrorCode(outcome.code));
  return outcome;
}

async function refusedWith(code: string, subject: Subject, sent: Promise<unknown>): Promise<DomainError> {
  const error = await refusal(subject, sent);
  assert.equal(error.code, code, error.message);
  return error;
}

/** Nothing of a refused request may have reached a handler, and the log of the service says why. */
async function turnedAway(
  subject: Subject,
  alter: (request: WireRequest) => WireRequest | Promise<WireRequest>,
) {
  const first = await captured(subject);
  const altered = await alter(first);
  subject.meddler.alterNext(() => [altered]);
  subject.journal.runs.length = 0;
  await refusedWith('UNAVAILABLE', subject, send(subject, 'effect', { command: 'c1' }));
  assert.deepEqual(subject.journal.runs, []);
  assert.match(String(Reflect.get(subject.errors.at(-1)!, 'cause')), /^The actor context is /);
}

/** A good request that was taken off the wire before it arrived. */
async function captured(subject: Subject): Promise<WireRequest> {
  let taken: WireRequest | undefined;
  subject.meddler.alterNext((request) => {
    taken = request;
    return [{ ...request, actor: undefined }];
  });
  await refusedWith('UNAVAILABLE', subject, send(subject, 'effect', { command: 'c1' }));
  assert(taken, 'the request did not pass the wire');
  return taken;
}

export const answers: readonly Check[] = [
  {
    name: 'the handler sees the actor as the caller gave it: account, session, organization, grants and request id',
    run: async (subject) => {
      assert.deepEqual((await send(subject, 'echo'))['actor'], actor);
      const { org: _, ...without } = actor;
      const reply = await subject.requests.send<{ actor: unknown }>('contract.echo', {}, { actor: without });
      assert.deepEqual(reply.actor, without);
    },
  },
  {
    name: 'binary stays binary, both ways, and large',
    run: async (subject) => {
      const value = new Uint8Array(3_000_000).map((_, i) => i * 7);
      const reply = await send(subject, 'echo', { value });
      assert.equal(reply['bytes'], true);
      assert(reply['value'] instanceof Uint8Array);
      assert.equal(Buffer.compare(reply['value'], value), 0);
    },
  },
  {
    name: "payload and reply are copies: what a handler changes is not the caller's",
    run: async (subject) => {
      const value = { list: [1] };
      assert.deepEqual((await send(subject, 'change', { value }))['value'], { list: [1, 99] });
      assert.deepEqual(value, { list: [1] });
    },
  },
  {
    name: 'undefined, class instances and nothing at all arrive as over a network',
    run: async (subject) => {
      class Thing {
        readonly a = 1;
        readonly b = undefined;
      }
      assert.deepEqual(await send(subject, 'kind', { value: new Thing() }), {
        kind: '[object Object]',
        plain: true,
      });
      assert.deepEqual((await send(subject, 'echo', { value: new Thing() }))['value'], { a: 1 });
      assert.deepEqual((await send(subject, 'echo', { value: [undefined] }))['value'], [null]);
      assert.equal(await send(subject, 'nothing'), null);
    },
  },
  {
    name: 'a Date or a Map is refused at the sender, before any handler runs',
    run: async (subject) => {
      for (const value of [new Date(0), new Map([[1, 2]])]) {
        await assert.rejects(send(subject, 'echo', { value }), /which cannot travel/);
      }
      assert.deepEqual(subject.journal.runs, []);
    },
  },
  {
    name: 'a handler that answers more than once is heard to its end',
    run: async (subject) => assert.deepEqual(await send(subject, 'many'), { n: 2 }),
  },
  {
    name: "the reply comes after the handler has finished, and is the handler's",
    run: async (subject) => {
      const sent = send(subject, 'gated').then((reply) => ({ reply, finished: subject.journal.finished }));
      await subject.journal.until(({ runs }) => runs.length === 1);
      for (let i = 0; i < 20; i++) await turn();
      subject.journal.openGate();
      const { reply, finished } = await sent;
      assert.equal(finished, 1);
      assert.match(String(reply?.['proof']), /^[0-9a-f-]{36}$/);
    },
  },
];

export const refusals: readonly Check[] = [
  {
    name: 'a refusal comes out as it was thrown: code, message, details',
    run: async (subject) => {
      const error = await refusedWith('HISTORY_CONFLICT', subject, send(subject, 'refuse'));
      assert.equal(error.message, conflict.message);
      assert.deepEqual(error.details, conflict.details);
    },
  },
  {
    name: 'a bug is INTERNAL, says nothing of itself, and is in the log of the service',
    run: async (subject) => {
      const error = await refusedWith('INTERNAL', subject, send(subject, 'break'));
      assert.doesNotMatch(
        JSON.stringify([error.message, error.details, String(error.cause)]),
        /hunter2|db\.internal|TypeError/,
      );
      const logged = subject.errors.map((fields) => fields as { err?: unknown; pattern?: string });
      assert(
        logged.some(
          ({ err, pattern }) => isError(err) && err.message === SECRET && pattern === 'contract.break',
        ),
      );
    },
  },
  {
    name: 'a reply that cannot travel is INTERNAL',
    run: async (subject) => void (await refusedWith('INTERNAL', subject, send(subject, 'unsendable'))),
  },
  {
    name: 'a payload that breaks the rules of its class is INVALID_INPUT, naming field and rule',
    run: async (subject) => {
      const error = await refusedWith(
        'INVALID_INPUT',
        subject,
        send(subject, 'checked', { name: 'too long', count: 0 }),
      );
      assert.match(error.message, /name must be shorter than or equal to 5.*count must not be less than 1/);
      assert.deepEqual(error.details, [
        { field: 'name', rule: 'isLength' },
        { field: 'count', rule: 'min' },
      ]);
      for (const payload of [null, 5, 'text', [], new Uint8Array(3), { constructor: 1, name: 'a' }, {}]) {
        await refusedWith('INVALID_INPUT', subject, send(subject, 'checked', payload));
      }
    },
  },
  {
    name: 'a payload becomes its class, without the fields that the class does not know',
    run: async (subject) => {
      const reply = await send(subject, 'checked', { name: 'a', count: 1, newer: true });
      assert.deepEqual(reply, { name: 'a', count: 1, isDto: true });
    },
  },
  {
    name: 'a handler that declares no class for its payload is refused whole',
    run: async (subject) =>
      void (await refusedWith('INTERNAL', subject, send(subject, 'undeclared', { any: 'thing' }))),
  },
  {
    name: 'a pattern that nobody answers is UNAVAILABLE',
    run: async (subject) => {
      await refusedWith('UNAVAILABLE', subject, send(subject, 'not-there'));
      await refusedWith('UNAVAILABLE', subject, send(subject, '__proto__'));
    },
  },
];

export const identities: readonly Check[] = [
  {
    name: 'a request without actor context is refused',
    run: (subject) => turnedAway(subject, (request) => ({ ...request, actor: undefined })),
  },
  {
    name: 'a forged actor context is refused',
    run: (subject) =>
      turnedAway(subject, async (request) => ({
        ...request,
        actor: new ActorSigner(new Uint8Array(32).fill(9)).sign(actor, request.pattern, request.body),
      })),
  },
  {
    name: 'an expired actor context is refused',
    run: (subject) =>
      turnedAway(subject, async (request) => ({
        ...request,
        actor: new ActorSigner(KEY, () => Date.now() - 60_000).sign(actor, request.pattern, request.body),
      })),
  },
  {
    name: 'an actor context of another pattern is refused',
    run: (subject) => turnedAway(subject, (request) => ({ ...request, pattern: 'contract.echo' })),
  },
  {
    name: 'an altered payload is refused',
    run: (subject) =>
      turnedAway(subject, (request) => ({
        ...request,
        body: request.body.map((byte, i) => (i === request.body.length - 1 ? byte ^ 1 : byte)),
      })),
  },
  {
    name: 'a request that arrives twice is heard once, and its repeat refused',
    run: async (subject) => {
      subject.meddler.alterNext((request) => [request, request]);
      assert.deepEqual(await send(subject, 'effect', { command: 'c1' }), { effects: 1 });
      assert.deepEqual(subject.journal.runs, ['c1']);
      assert.deepEqual(
        subject.meddler.replies.map(({ status }) => status),
        [200, 503],
      );
    },
  },
];

export const losses: readonly Check[] = [
  {
    name: 'a lost reply is TIMEOUT, never a success or a hang, and nothing is sent again by itself',
    run: async (subject) => {
      subject.meddler.loseNextReply();
      const error = await refusedWith(
        'TIMEOUT',
        subject,
        send(subject, 'effect', { command: 'c1' }, SHORT_MS),
      );
      assert.equal(error.message, 'Not confirmed. It is safe to try again.');
      await subject.journal.until(({ runs }) => runs.length >= 1);
      assert.deepEqual(subject.journal.runs, ['c1']);
    },
  },
  {
    name: 'repeating the command after a lost reply has one effect',
    run: async (subject) => {
      subject.meddler.loseNextReply();
      await refusedWith('TIMEOUT', subject, send(subject, 'effect', { command: 'c1' }, SHORT_MS));
      assert.deepEqual(await send(subject, 'effect', { command: 'c1' }), { effects: 1 });
    },
  },
  {
    name: 'a handler that takes longer than the caller waits is TIMEOUT, and the next request is answered',
    run: async (subject) => {
      const error = await refusedWith('TIMEOUT', subject, send(subject, 'gated', {}, SHORT_MS));
      assert.equal(error.message, 'Not confirmed. It is safe to try again.');
      assert.equal(subject.journal.finished, 0);
      assert.equal((await send(subject, 'echo', { value: 1 }))['value'], 1);
    },
  },
  {
    name: 'above its limit the service is UNAVAILABLE, runs nothing of it, and takes requests again afterwards',
    run: async (subject) => {
      const held = Array.from({ length: FULL }, () => send(subject, 'gated'));
      await subject.journal.until(({ runs }) => runs.length === FULL);
      await refusedWith('UNAVAILABLE', subject, send(subject, 'effect', { command: 'c1' }));
      assert.equal(subject.journal.effects.size, 0);
      subject.journal.openGate();
      await Promise.all(held);
      assert.deepEqual(await send(subject, 'effect', { command: 'c1' }), { effects: 1 });
    },
  },
  {
    name: 'handlers nobody waits for any more still count against the limit',
    run: async (subject) => {
      const held = Array.from({ length: FULL }, () =>
        refusedWith('TIMEOUT', subject, send(subject, 'gated', {}, SHORT_MS)),
      );
      await Promise.all([...held, subject.journal.until(({ runs }) => runs.length === FULL)]);
      await refusedWith('UNAVAILABLE', subject, send(subject, 'echo'));
      subject.journal.openGate();
      await subject.journal.until(({ finished }) => finished === FULL);
    },
  },
];

/** The last one: afterwards the service takes nothing any more. */
export const drain: Check = {
  name: 'a draining service finishes what is under way, and is UNAVAILABLE for what is new',
  run: async (subject) => {
    const held = send(subject, 'gated');
    await subject.journal.until(({ runs }) => runs.length === 1);
    const drained = subject.server.drain().then(() => subject.journal.finished);
    await refusedWith('UNAVAILABLE', subject, send(subject, 'effect', { command: 'c1' }));
    assert.equal(subject.journal.effects.size, 0);
    subject.journal.openGate();
    assert.match(String((await held)['proof']), /-/);
    assert.equal(await drained, 1);
  },
};

export const requestsContract: readonly Check[] = [...answers, ...refusals, ...identities, ...losses, drain];

/** Each check begins with nothing under way, closed gates, an empty journal and an honest wire. */
export async function prepare({ journal, meddler, server }: Subject): Promise<void> {
  while (server.inFlight > 0) {
    journal.openGate();
    await turn();
  }
  journal.reset();
  meddler.reset();
}
