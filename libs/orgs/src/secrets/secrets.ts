import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { KeyRing } from '@tidemark/runtime';

const same = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);

/** Addresses are the same whatever their case and the blanks around them. */
export const normalEmail = (email: string): string => email.trim().toLowerCase();

/**
 * Everything that is kept or recognised as a keyed hash. Without the key ring a copy of the database says neither whose
 * an address is nor lets a guessed passphrase be tried.
 */
export class Secrets {
  private readonly keys: Readonly<Record<Purpose, Buffer>>;

  /** `version`: what was hashed with one version is found with that one only, whichever is current. */
  constructor(ring: KeyRing, version = ring.current) {
    const key = (purpose: string) => ring.derive(`orgs ${purpose}`, version);
    this.keys = {
      email: key('emails'),
      token: key('tokens'),
      authentication: key('authentication'),
      address: key('addresses'),
      kdf: key('kdf'),
      link: key('mail links'),
    };
  }

  emailHash(email: string): Buffer {
    return this.hash('email', normalEmail(email));
  }

  /** An account that nobody has, always the same one for an address: looked up where there is none. */
  nobodyFor(email: string): string {
    return `acct_${this.hash('kdf', 'nobody', normalEmail(email)).toString('hex').slice(0, 32)}`;
  }

  saltFor(email: string): string {
    return this.hash('kdf', 'salt', normalEmail(email)).toString('hex').slice(0, 32);
  }

  newToken(kind: 'app' | 'web'): { readonly token: string; readonly hash: Buffer } {
    const token = `${kind === 'app' ? 'sess' : 'web'}_${randomBytes(32).toString('base64url')}`;
    return { token, hash: this.tokenHash(token) };
  }

  tokenHash(token: string): Buffer {
    return this.hash('token', token);
  }

  verifierOf(account: string, authenticationKey: string): Buffer {
    return this.hash('authentication', 'passphrase', account, authenticationKey);
  }

  recoveryVerifierOf(account: string, recoveryKey: string): Buffer {
    return this.hash('authentication', 'recovery', account, recoveryKey);
  }

  /** `kept` is missing where there is no such account; the comparison takes as long. */
  matches(kept: Buffer | undefined, given: Buffer): boolean {
    return same(kept ?? Buffer.alloc(given.length), given) && kept !== undefined;
  }

  /** What failures are counted by. */
  guessKey(...what: readonly string[]): Buffer {
    return this.hash('address', ...what);
  }

  newKnownDevice(account: string): string {
    const id = randomBytes(16).toString('base64url');
    return `${id}.${this.knownDeviceMac(account, id)}`;
  }

  /** The id of a browser that has signed in to this account before; nothing of it is stored. */
  knownDevice(account: string, token: string | undefined): string | undefined {
    const [id = '', mac = ''] = (token ?? '').split('.');
    return same(Buffer.from(mac), Buffer.from(this.knownDeviceMac(account, id))) ? id : undefined;
  }

  mailLinkToken(account: string, email: string): string {
    return `${account.slice('acct_'.length)}.${this.mailLinkMac(account, email)}`;
  }

  accountOfMailLink(token: string): string | undefined {
    return /^[0-9a-f]{32}\.[\w-]{43}$/.test(token) ? `acct_${token.slice(0, 32)}` : undefined;
  }

  isMailLink(token: string, account: string, email: string): boolean {
    return same(Buffer.from(token), Buffer.from(this.mailLinkToken(account, email)));
  }

  /** One-time codes are compared by hash, so that their lengths need not be equal. */
  sameCode(a: string, b: string): boolean {
    return same(this.hash('token', 'code', a.trim()), this.hash('token', 'code', b.trim()));
  }

  private knownDeviceMac(account: string, id: string): string {
    return this.hash('token', 'known device', account, id).toString('base64url');
  }

  private mailLinkMac(account: string, email: string): string {
    return this.hash('link', 'verify', account, normalEmail(email)).toString('base64url');
  }

  private hash(purpose: Purpose, ...parts: readonly string[]): Buffer {
    return createHmac('sha256', this.keys[purpose]).update(JSON.stringify(parts)).digest();
  }
}

type Purpose = 'email' | 'token' | 'authentication' | 'address' | 'kdf' | 'link';
