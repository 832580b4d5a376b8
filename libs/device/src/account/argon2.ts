import * as crypto from 'node:crypto';
import type { Argon2id } from '@tidemark/e2ee';

/** Node's own, several times quicker than one written in JavaScript; the result is the same. */
export const argon2id: Argon2id = (password, { salt, m, t, p }) =>
  new Promise((resolve, reject) => {
    crypto.argon2(
      'argon2id',
      { message: password, nonce: salt, memory: m, passes: t, parallelism: p, tagLength: 32 },
      (error, key) => (error ? reject(error) : resolve(key)),
    );
  });
