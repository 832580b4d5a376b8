import { argon2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { type Argon2id, newAccountKeys, openSymmetricKey, recoverySecrets } from '@tidemark/e2ee';
import { plant } from '../../e2e/support/canaries.js';
import type { Visitor } from './visit.js';

export interface Person {
  readonly email: string;
  readonly passphrase: string;
  readonly firstName: string;
  readonly lastName: string;
}

/** Whom the server knows already. */
export interface Member extends Person {
  readonly recoveryCode: string;
  /** Of the session that came with the sign-up. */
  readonly cookies: readonly Cookie[];
}

interface Cookie {
  readonly name: string;
  readonly value: string;
}

export function somebody(): Person {
  const mark = randomBytes(4).toString('hex');
  const person = {
    email: `ada.${mark}@example.test`,
    passphrase: `correct horse ${mark}`,
    firstName: 'Augusta Ada Maria',
    lastName: 'King, Countess of Lovelace',
  };
  plant('secret', person.passphrase);
  plant('personal', person.email, person.firstName, person.lastName);
  return person;
}

const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0';

const argon2id: Argon2id = (message, { salt, m, t, p }) =>
  promisify(argon2)('argon2id', {
    message,
    nonce: salt,
    parallelism: p,
    tagLength: 32,
    memory: m,
    passes: t,
  });

/** An account that exists already, made without a browser. */
export async function member(origin: string): Promise<Member> {
  const { passphrase, ...person } = somebody();
  const { send, recoveryCode } = await newAccountKeys(passphrase, argon2id);
  const response = await fetch(`${origin}/app/api/sign-up`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin, 'user-agent': firefox },
    body: JSON.stringify({ ...person, ...send }),
  });
  if (!response.ok) throw new Error(`sign-up: ${response.status} ${await response.text()}`);
  plant('secret', recoveryCode);
  return { ...person, passphrase, recoveryCode, cookies: response.headers.getSetCookie().map(cookie) };
}

export async function isRecoveryCodeOf(origin: string, email: string, code: string): Promise<boolean> {
  const { authenticationKey: recoveryKey, derivedKey } = recoverySecrets(code);
  const response = await fetch(`${origin}/app/api/recovery/start`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify({ email, recoveryKey }),
  });
  if (!response.ok) return false;
  const { encSymmetricKey } = (await response.json()) as { encSymmetricKey: string };
  return (await openSymmetricKey(encSymmetricKey, derivedKey)).kty === 'oct';
}

function cookie(header: string): Cookie {
  const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(header) ?? [];
  plant('secret', value);
  return { name, value };
}

/** Signed in before, on this browser. */
export const arriveAs = async ({ page }: Visitor, { cookies }: Member, origin: string): Promise<void> =>
  page.context().addCookies(cookies.map((one) => ({ ...one, url: origin, sameSite: 'Strict' })));

export async function fillSignIn({ keys }: Visitor, { email, passphrase }: Person): Promise<void> {
  await keys.type('email', email);
  await keys.type('passphrase', passphrase);
  await keys.enter();
}

/** Returns when the page of projects is there. */
export async function signIn(visitor: Visitor, person: Person): Promise<void> {
  await visitor.go('/app/sign-in');
  await fillSignIn(visitor, person);
  await visitor.page.getByRole('heading', { name: 'Projects' }).waitFor();
}

export const heading = ({ page }: Visitor, name: string | RegExp) =>
  page.getByRole('heading', { name, level: 1 });
export const errorText = ({ page }: Visitor): Promise<string> => page.getByTestId('error').innerText();
