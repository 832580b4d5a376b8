import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import { packDamaged } from '@tidemark/blob-store';
import { applied, deltaOf } from './state-delta.js';
import type { State } from './state.js';

const [deflate, inflate] = [promisify(deflateRaw), promisify(inflateRaw)];

/** Each so many records of a chain the state is written out, so that reading one back never takes more steps. */
export const SPACING = 256;

/** A state as it is kept: written out, or in terms of another record's. */
export interface StoredState {
  readonly isFrame: boolean;
  readonly depth: number;
  readonly body: Buffer;
}

const [PLAIN, DEFLATED] = [0, 1];
const LARGEST = 512 * 1024 * 1024;

/** `depth` is how many steps the base is away from a state written out; without a base, nothing is. */
export async function stored(
  state: State,
  base?: { readonly state: State; readonly depth: number },
): Promise<StoredState> {
  if (base && base.depth + 1 < SPACING) {
    const delta = deltaOf(base.state, state);
    if (delta.length * 2 <= sizeOf(state))
      return { isFrame: false, depth: base.depth + 1, body: await packed(delta) };
  }
  return { isFrame: true, depth: 0, body: await packed(deltaOf([], state)) };
}

export async function restored(body: Buffer, base: State): Promise<State> {
  return applied(base, await unpacked(body));
}

/** About what the state takes when it is written out. */
const sizeOf = (state: State): number =>
  state.reduce((sum, { key, name }) => sum + 22 + key.length + name.length, 0);

async function packed(bytes: Buffer): Promise<Buffer> {
  const smaller = await deflate(bytes);
  return smaller.length < bytes.length
    ? Buffer.concat([Buffer.of(DEFLATED), smaller])
    : Buffer.concat([Buffer.of(PLAIN), bytes]);
}

async function unpacked(body: Buffer): Promise<Buffer> {
  if (body[0] === PLAIN) return body.subarray(1);
  if (body[0] !== DEFLATED) throw packDamaged();
  try {
    return await inflate(body.subarray(1), { maxOutputLength: LARGEST });
  } catch (error) {
    throw packDamaged(error);
  }
}
