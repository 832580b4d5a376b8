import { PassThrough } from 'node:stream';
import { jest } from '@jest/globals';
import { oneLine } from './one-line.js';
import { program } from './program.js';

const account = (email: string, more: object = {}) => ({
  id: 'acct_1',
  email,
  personalOrg: 'org_1',
  ...more,
});

interface Asked {
  readonly path: string;
  readonly body: Record<string, unknown>;
  readonly headers: Headers;
}

const url = 'http://tidemark.test';
const email = ['--email', 'ada@example.test'];
const stdin = '--passphrase-stdin';

describe('accounts on the command line', () => {
  let asked: Asked[];
  let answer: () => [status: number, body: unknown];
  beforeEach(() => {
    asked = [];
    answer = () => [201, { account: account('ada@example.test', { operator: true }) }];
    jest.spyOn(globalThis, 'fetch').mockImplementation(async (at, init) => {
      const body = JSON.parse(init?.body as string) as Asked['body'];
      asked.push({ path: new URL(at).pathname, body, headers: new Headers(init?.headers) });
      const [status, reply] = answer();
      return new Response(JSON.stringify(reply), { status, headers: { 'content-type': 'application/json' } });
    });
  });

  async function run(input: string, env: Record<string, string>, ...args: string[]) {
    const typed = new PassThrough().end(input);
    jest.spyOn(process, 'stdin', 'get').mockReturnValue(typed as unknown as typeof process.stdin);
    const said: string[] = [];
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => said.push(String(text)) > 0);
    jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
    await program({ TIDEMARK_API_URL: url, ...env }).parseAsync(args, { from: 'user' });
    return said.join('');
  }

  it('makes an account and shows the recovery code once', async () => {
    const said = await run(
      'a long passphrase\n',
      {},
      'account',
      'create',
      ...email,
      stdin,
      '--name',
      'Ada K. L.',
      '--json',
    );
    const { body, headers } = asked[0]!;
    expect(body).toMatchObject({ email: 'ada@example.test', firstName: 'Ada', lastName: 'K. L.' });
    expect(JSON.stringify(body)).not.toContain('a long passphrase');
    expect(headers.get('origin')).toBe(url);
    expect(headers.get('authorization')).toBeNull();
    expect(JSON.parse(said)).toEqual({
      account: 'acct_1',
      email: 'ada@example.test',
      organization: 'org_1',
      operator: true,
      recoveryCode: expect.stringMatching(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){6}$/),
    });
  });

  it('speaks for the operator where there is a token', async () => {
    const token = `tm_${'x'.repeat(43)}`;
    await run('a long passphrase', { TIDEMARK_OPERATOR_TOKEN: token }, 'account', 'create', ...email, stdin);
    expect(asked[0]!.headers.get('authorization')).toBe(`Bearer ${token}`);
  });

  it('takes the setup code from the environment or from the second line', async () => {
    const code = 'setup-code-0123456789';
    await run(`a long passphrase\n${code}\n`, {}, 'operator', 'create', ...email, stdin);
    await run('a long passphrase', { TIDEMARK_SETUP_CODE: code }, 'operator', 'create', ...email, stdin);
    expect(asked.map(({ body }) => body['setupCode'])).toEqual([code, code]);
  });

  it.each([
    ['nothing on standard input', '', ['session', 'create', ...email, stdin], 'passphrase is missing'],
    ['no word about standard input', 'p', ['session', 'create', ...email], 'Say --passphrase-stdin'],
    ['a short passphrase', 'short', ['account', 'create', ...email, stdin], 'must have at least'],
    ['no setup code', 'a long passphrase', ['operator', 'create', ...email, stdin], 'setup code is missing'],
  ])('refuses %s as wrong usage', async (_, input, args, text) => {
    const refusal = await run(input, {}, ...args).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ exitCode: 2, message: expect.stringContaining(text) });
    expect(asked).toEqual([]);
  });

  it('says a refusal in one line with remedy, code and request', async () => {
    answer = () => [401, { error: 'INVALID_CREDENTIALS', message: 'Not this one.', requestId: 'r1' }];
    const refusal = await run('a long passphrase', {}, 'account', 'create', ...email, stdin).catch(
      (error: unknown) => error,
    );
    expect(refusal).not.toHaveProperty('exitCode');
    expect(oneLine(refusal)).toBe(
      'Not this one. Check e-mail address and passphrase, or use the recovery code. (INVALID_CREDENTIALS, request r1)',
    );
  });

  it('asks the same again when the answer is lost, so that the code it shows is the one that counts', async () => {
    let lost = 2;
    answer = () => {
      if (lost-- > 0) throw new TypeError('terminated');
      return [201, { account: account('ada@example.test') }];
    };
    const said = await run('a long passphrase', {}, 'account', 'create', ...email, stdin);
    expect(said).toContain('Recovery code: ');
    expect(asked).toHaveLength(3);
    expect(
      new Set(asked.map(({ headers, body }) => JSON.stringify([headers.get('idempotency-key'), body]))).size,
    ).toBe(1);
  });

  it('says when nobody is there', async () => {
    answer = () => {
      throw new TypeError('fetch failed');
    };
    const refusal = await run('a long passphrase', {}, 'session', 'create', ...email, stdin).catch(
      (error: unknown) => error,
    );
    expect(oneLine(refusal)).toBe(
      'The server cannot be reached. Check the network and the address of the server; what is here is kept. (NOT_CONNECTED)',
    );
  });
});
