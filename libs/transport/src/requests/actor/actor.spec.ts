import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ActorContext } from '@tidemark/contracts';
import { createSecretKey } from 'node:crypto';
import { jwtVerify, SignJWT, UnsecuredJWT } from 'jose';
import { bindingOf } from './actor-token.js';
import { ActorSigner } from './actor-signer.js';
import { ActorVerifier } from './actor-verifier.js';
import { ReplayMemory } from './replay-memory.js';

const key = new Uint8Array(32).fill(7);
const otherKey = new Uint8Array(32).fill(8);
const body = Uint8Array.of(1, 2, 3);
const pattern = 'orgs.create-organization';
const actor: ActorContext = {
  account: 'acct_1',
  session: 'sess_1',
  org: 'org_1',
  grantsVersion: 3,
  requestId: 'req_1',
};

let clock = 0;
const now = () => clock;
let signer: ActorSigner;
let verifier: ActorVerifier;

beforeEach(() => {
  clock = Date.parse('2026-11-21T12:00:00Z');
  signer = new ActorSigner(key, now);
  verifier = new ActorVerifier(key, { now });
});

const verified = async (...given: Parameters<ActorVerifier['verify']>) => verifier.verify(...given);
const token = () => signer.sign(actor, pattern, body);
const refusal = (reason: string) =>
  expect.objectContaining({ code: 'UNAVAILABLE', cause: expect.stringContaining(reason) });

/** A token as another program with the right key could make it. */
const handMade = (claims: object, header: object = {}) =>
  new SignJWT({ actor, ...bindingOf(pattern, body), ...claims })
    .setProtectedHeader({ alg: 'HS256', typ: 'tidemark-actor+jwt', ...header })
    .sign(createSecretKey(key));
const times = () => ({ iat: clock / 1000, exp: clock / 1000 + 30 });

describe('a signed actor context', () => {
  it('arrives whole', async () => {
    await expect(verified(token(), pattern, body)).resolves.toEqual(actor);
  });

  it('is a JSON Web Token as others write and read it', async () => {
    const { payload } = await jwtVerify(token(), key, {
      typ: 'tidemark-actor+jwt',
      currentDate: new Date(clock),
    });
    expect(payload).toMatchObject({ actor, pattern, ...times() });
    const made = await handMade({ ...times(), jti: 'j' });
    await expect(verified(made, pattern, body)).resolves.toEqual(actor);
  });

  it('is refused when it is missing or no token', async () => {
    await expect(verified(undefined, pattern, body)).rejects.toEqual(refusal('missing'));
    for (const text of ['', 'a.b.c', 'x'.repeat(5000)]) {
      await expect(verified(text, pattern, body)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    }
  });

  it('is refused when another key signed it, or none', async () => {
    const forged = new ActorSigner(otherKey, now).sign(actor, pattern, body);
    await expect(verified(forged, pattern, body)).rejects.toEqual(refusal('forged'));
    const unsigned = new UnsecuredJWT({ actor, ...bindingOf(pattern, body), ...times(), jti: 'j' }).encode();
    await expect(verified(unsigned, pattern, body)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('is refused when any character of it is another, missing or one too many', async () => {
    const whole = token();
    for (const text of [whole.slice(0, -1), `${whole}A`, `${whole}=`, `${whole}.`, ` ${whole}`]) {
      await expect(verified(text, pattern, body)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    }
    for (let i = 0; i < whole.length; i++) {
      const altered = `${whole.slice(0, i)}${whole[i] === 'A' ? 'B' : 'A'}${whole.slice(i + 1)}`;
      await expect(verified(altered, pattern, body)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    }
  });

  it('is good for 30 seconds and the tolerance, and no longer', async () => {
    const made = token();
    clock += 34_000;
    await expect(verified(made, pattern, body)).resolves.toEqual(actor);
    const second = token();
    clock += 36_000;
    await expect(verified(second, pattern, body)).rejects.toEqual(refusal('expired'));
  });

  it('is refused when it comes from the future', async () => {
    clock += 10_000;
    const made = token();
    clock -= 10_000;
    await expect(verified(made, pattern, body)).rejects.toEqual(refusal('future'));
  });

  it('is refused when its own expiry would outlive the 30 seconds', async () => {
    const made = await handMade({ ...times(), exp: clock / 1000 + 3600, jti: 'j' });
    clock += 36_000;
    await expect(verified(made, pattern, body)).rejects.toEqual(refusal('expired'));
  });

  it('is refused for another pattern', async () => {
    await expect(verified(token(), 'orgs.get-organization', body)).rejects.toEqual(refusal('pattern'));
  });

  it('is refused for another payload, one byte longer or altered', async () => {
    for (const other of [Uint8Array.of(1, 2, 4), Uint8Array.of(1, 2, 3, 0), new Uint8Array()]) {
      await expect(verified(token(), pattern, other)).rejects.toEqual(refusal('payload'));
    }
  });

  it('is refused the second time, and a failed try does not use it up', async () => {
    const made = token();
    await expect(verified(made, 'orgs.other', body)).rejects.toEqual(refusal('pattern'));
    await expect(verified(made, pattern, body)).resolves.toEqual(actor);
    await expect(verified(made, pattern, body)).rejects.toEqual(refusal('used before'));
    await expect(verified(token(), pattern, body)).resolves.toEqual(actor);
  });

  it.each([
    ['id', { jti: undefined }],
    ['id in a form that can be remembered', { jti: 'x'.repeat(65) }],
    ['expiry', { exp: undefined }],
    ['time of issue', { iat: undefined }],
    ['account', { actor: { requestId: 'r' } }],
    ['request id', { actor: { account: 'a' } }],
    ['actor', { actor: null }],
  ])('is refused without its %s', async (_, claims) => {
    const made = await handMade({ ...times(), jti: 'j', ...claims });
    await expect(verified(made, pattern, body)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect(verified(await handMade({ ...times(), jti: 'j' }), pattern, body)).resolves.toEqual(actor);
  });

  it('is not any other token signed with the key', async () => {
    const made = await handMade({ ...times(), jti: 'j' }, { typ: 'JWT' });
    await expect(verified(made, pattern, body)).rejects.toEqual(refusal('forged'));
  });

  it('needs a key of 32 bytes', () => {
    expect(() => new ActorSigner(key.subarray(1))).toThrow('has 31 bytes');
    expect(() => new ActorVerifier(key.subarray(1))).toThrow('has 31 bytes');
  });
});

describe('the memory of used tokens', () => {
  it('remembers at least as long as a token lives, however requests are spread', () => {
    let elapsed = 0;
    const memory = new ReplayMemory(40_000, 1000, () => elapsed);
    for (let i = 0; i < 200; i++) {
      elapsed = i * 1000;
      expect(memory.admit(`t${i}`)).toBe('new');
      for (let young = Math.max(0, i - 39); young <= i; young++)
        expect(memory.admit(`t${young}`)).toBe('seen');
    }
    expect(memory.size).toBeLessThanOrEqual(80);
  });

  it('lets go of all after a pause', () => {
    let elapsed = 0;
    const memory = new ReplayMemory(40_000, 10, () => elapsed);
    for (let i = 0; i < 10; i++) memory.admit(`t${i}`);
    elapsed = 80_000;
    expect(memory.admit('t0')).toBe('new');
    expect(memory.size).toBe(1);
  });

  it('refuses rather than forgets when it is full', async () => {
    const full = new ActorVerifier(key, { now, memory: new ReplayMemory(40_000, 2, () => 0) });
    const first = token();
    full.verify(first, pattern, body);
    full.verify(token(), pattern, body);
    expect(() => full.verify(token(), pattern, body)).toThrow(
      expect.objectContaining({ code: 'UNAVAILABLE' }),
    );
    expect(() => full.verify(first, pattern, body)).toThrow(refusal('used before'));
  });
});
