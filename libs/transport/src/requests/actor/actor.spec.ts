import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ActorContext } from '@tidemark/contracts';
import { createSecretKey } from 'node:crypto';
import { SignJWT, UnsecuredJWT } from 'jose';
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

const token = () => signer.sign(actor, pattern, body);
const refusal = (reason: string) =>
  expect.objectContaining({ code: 'UNAUTHORIZED', cause: expect.stringContaining(reason) });

/** A token as another program with the right key could make it. */
const handMade = (claims: object, header: object = {}) =>
  new SignJWT({ actor, ...bindingOf(pattern, body), ...claims })
    .setProtectedHeader({ alg: 'HS256', typ: 'tidemark-actor+jwt', ...header })
    .sign(createSecretKey(key));
const times = () => ({ iat: clock / 1000, exp: clock / 1000 + 30 });

describe('a signed actor context', () => {
  it('arrives whole', async () => {
    await expect(verifier.verify(await token(), pattern, body)).resolves.toEqual(actor);
  });

  it('is refused when it is missing or no token', async () => {
    await expect(verifier.verify(undefined, pattern, body)).rejects.toEqual(refusal('missing'));
    for (const text of ['', 'a.b.c', 'x'.repeat(5000)]) {
      await expect(verifier.verify(text, pattern, body)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    }
  });

  it('is refused when another key signed it, or none', async () => {
    const forged = await new ActorSigner(otherKey, now).sign(actor, pattern, body);
    await expect(verifier.verify(forged, pattern, body)).rejects.toEqual(refusal('signature'));
    const unsigned = new UnsecuredJWT({ actor, ...bindingOf(pattern, body), ...times(), jti: 'j' }).encode();
    await expect(verifier.verify(unsigned, pattern, body)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  });

  it('is refused when any character of it is another', async () => {
    const whole = await token();
    for (let i = 0; i < whole.length - 1; i += 7) {
      const altered = `${whole.slice(0, i)}${whole[i] === 'A' ? 'B' : 'A'}${whole.slice(i + 1)}`;
      await expect(verifier.verify(altered, pattern, body)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    }
  });

  it('is good for 30 seconds and the tolerance, and no longer', async () => {
    const made = await token();
    clock += 34_000;
    await expect(verifier.verify(made, pattern, body)).resolves.toEqual(actor);
    const second = await token();
    clock += 36_000;
    await expect(verifier.verify(second, pattern, body)).rejects.toEqual(refusal('exp'));
  });

  it('is refused when it comes from the future', async () => {
    clock += 10_000;
    const made = await token();
    clock -= 10_000;
    await expect(verifier.verify(made, pattern, body)).rejects.toEqual(refusal('iat'));
  });

  it('is refused when its own expiry would outlive the 30 seconds', async () => {
    const made = await handMade({ ...times(), exp: clock / 1000 + 3600, jti: 'j' });
    clock += 36_000;
    await expect(verifier.verify(made, pattern, body)).rejects.toEqual(refusal('iat'));
  });

  it('is refused for another pattern', async () => {
    await expect(verifier.verify(await token(), 'orgs.get-organization', body)).rejects.toEqual(refusal('pattern'));
  });

  it('is refused for another payload, one byte longer or altered', async () => {
    for (const other of [Uint8Array.of(1, 2, 4), Uint8Array.of(1, 2, 3, 0), new Uint8Array()]) {
      await expect(verifier.verify(await token(), pattern, other)).rejects.toEqual(refusal('payload'));
    }
  });

  it('is refused the second time, and a failed try does not use it up', async () => {
    const made = await token();
    await expect(verifier.verify(made, 'orgs.other', body)).rejects.toEqual(refusal('pattern'));
    await expect(verifier.verify(made, pattern, body)).resolves.toEqual(actor);
    await expect(verifier.verify(made, pattern, body)).rejects.toEqual(refusal('used before'));
    await expect(verifier.verify(await token(), pattern, body)).resolves.toEqual(actor);
  });

  it.each([
    ['id', { jti: undefined }],
    ['expiry', { exp: undefined }],
    ['time of issue', { iat: undefined }],
    ['account', { actor: { requestId: 'r' } }],
    ['request id', { actor: { account: 'a' } }],
    ['actor', { actor: null }],
  ])('is refused without its %s', async (_, claims) => {
    const made = await handMade({ ...times(), jti: 'j', ...claims });
    await expect(verifier.verify(made, pattern, body)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    await expect(verifier.verify(await handMade({ ...times(), jti: 'j' }), pattern, body)).resolves.toEqual(actor);
  });

  it('is not any other token signed with the key', async () => {
    const made = await handMade({ ...times(), jti: 'j' }, { typ: 'JWT' });
    await expect(verifier.verify(made, pattern, body)).rejects.toEqual(refusal('typ'));
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
      for (let young = Math.max(0, i - 39); young <= i; young++) expect(memory.admit(`t${young}`)).toBe('seen');
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
    const first = await token();
    await full.verify(first, pattern, body);
    await full.verify(await token(), pattern, body);
    await expect(full.verify(await token(), pattern, body)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect(full.verify(first, pattern, body)).rejects.toEqual(refusal('used before'));
  });
});
