import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import {
  accountMessages,
  newCommandId,
  newSessionId,
  NOBODY,
  projectMessages,
  type ActorContext,
  type AppSession,
  type Authenticated,
  type SignedIn,
  type SignUp,
} from '@tidemark/contracts';
import {
  keyRing,
  MemoryHints,
  newKeyRing,
  silentLogger,
  startService,
  type ServiceSchema,
} from '@tidemark/runtime';
import { ActorSigner, connectRequests, InProcessRequests, RequestsServer } from '@tidemark/transport';
import { openOrgs, orgsSchema, type OrgsOptions } from '../src/index.js';

const ACTOR_KEY = new Uint8Array(32).fill(7);
export const RING = keyRing(newKeyRing(Buffer.alloc(32, 5)));

const keyPair = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const PUBLIC_JWK = {
  ...keyPair.publicKey.export({ format: 'jwk' }),
  alg: 'RSA-OAEP-256',
  key_ops: ['encrypt'],
  ext: true,
};

export const hex64 = (text: string) => createHash('sha256').update(text).digest('hex');
const sealed = (text: string) =>
  `{"iv":"${hex64(text).slice(0, 24)}","t":"${hex64(text).slice(0, 32)}","ad":"","d":"${hex64(text)}"}`;

export const passphraseKeys = (passphrase: string) => ({
  kdf: { v: 1 as const, m: 65_536, t: 3, p: 1, salt: hex64(`salt ${passphrase}`).slice(0, 32) },
  authenticationKey: hex64(passphrase),
  encSymmetricKey: sealed(`symmetric ${passphrase}`),
});

export const recoveryKeys = (code: string) => ({
  authenticationKey: hex64(`code ${code}`),
  encSymmetricKey: sealed(`recovery ${code}`),
});

export const someEmail = () => `ada.${randomBytes(6).toString('hex')}@example.org`;

export const signUpMessage = (more: Partial<SignUp> = {}): SignUp => ({
  ...passphraseKeys('correct horse'),
  command: newCommandId(),
  email: someEmail(),
  firstName: 'Ada',
  lastName: 'Lovelace',
  publicKey: JSON.stringify(PUBLIC_JWK),
  encPrivateKey: sealed('private'),
  recovery: recoveryKeys('code'),
  userAgent: 'Firefox on Linux',
  address: randomBytes(4).toString('hex'),
  ...more,
});

/** A clock that only moves when it is told to. */
export class Clock {
  #at = new Date('2026-01-02T03:04:05.678Z').getTime();
  readonly now = () => new Date(this.#at);
  forward(seconds: number): void {
    this.#at += seconds * 1_000;
  }
}

/** What a test's fresh database is to this. */
interface OwnDatabase {
  asOwner<R extends object>(sql: string, params?: readonly unknown[]): Promise<R[]>;
  migrated(service: ServiceSchema): Promise<{ readonly appUrl: string; readonly relayUrl: string }>;
  drop(): Promise<void>;
}

/** The whole service on a real Postgres, asked as the gateway asks it. */
export async function servedOrgs(database: OwnDatabase, options: Partial<OrgsOptions> = {}) {
  const urls = await database.migrated(orgsSchema);
  const clock = new Clock();
  const orgs = await openOrgs({
    ...urls,
    connections: 10,
    hints: new MemoryHints(silentLogger),
    logger: silentLogger,
    stallLimitMs: 60_000,
    retries: {},
    onStalled: () => undefined,
    registration: 'open',
    deviceLimit: 3,
    sessionIdleDays: 14,
    sessionDays: 56,
    keys: RING,
    mail: {},
    websiteUrl: () => 'http://127.0.0.1:7420',
    now: clock.now,
    ...options,
  });
  const server = new RequestsServer({ actorKey: ACTOR_KEY, logger: silentLogger });
  const service = await startService(orgs.module, {
    name: 'orgs',
    host: '127.0.0.1',
    port: 0,
    logger: silentLogger,
    connect: (app) => connectRequests(app, server),
  });
  const requests = new InProcessRequests(server, new ActorSigner(ACTOR_KEY));
  const ask = <Reply>(pattern: string, payload: object, actor: Partial<ActorContext> = {}) =>
    requests.send<Reply>(pattern, payload, { actor: { account: NOBODY, requestId: 'r-1', ...actor } });
  const browsers = new Map<string, string>();
  const atBrowser = async (signingIn: Promise<SignedIn>) => {
    const signedIn = await signingIn;
    browsers.set(signedIn.account.id, signedIn.session);
    return signedIn;
  };
  return {
    database,
    urls,
    clock,
    log: orgs.log,
    ask,
    signUp: (more: Partial<SignUp> = {}) =>
      atBrowser(ask<SignedIn>(accountMessages.signUp, signUpMessage(more))),
    signIn: (email: string, passphrase = 'correct horse', more: object = {}) =>
      atBrowser(
        ask<SignedIn>(accountMessages.signIn, {
          email,
          authenticationKey: hex64(passphrase),
          userAgent: 'Firefox',
          address: randomBytes(4).toString('hex'),
          ...more,
        }),
      ),
    /** Asked from the browser at which the account signed in last. */
    startApp: (account: string, more: object = {}) =>
      ask<AppSession>(
        accountMessages.startAppSession,
        { device: 'Laptop', appVersion: '10.1.1', ...more },
        { account, session: browsers.get(account) ?? newSessionId() },
      ),
    authenticate: (token: string) =>
      ask<Authenticated>(accountMessages.authenticate, { token, client: 'production::linux::10.1.1' }),
    access: (org: string, account: string, project?: string) =>
      ask(projectMessages.access, { org, ...(project === undefined ? {} : { project }) }, { account }),
    async close() {
      await service.close();
      await database.drop();
    },
  };
}

export type ServedOrgs = Awaited<ReturnType<typeof servedOrgs>>;
