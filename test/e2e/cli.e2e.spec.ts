import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Account, Device, MemoryStore } from '@tidemark/device';
import type { AppSession } from '@tidemark/e2ee';
import { plant } from './support/canaries.js';
import { product } from './support/product.js';
import { vectors } from './support/vectors.js';

const root = join(import.meta.dirname, '..', '..');

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const fromAClone = [join(root, 'scripts', 'start.mjs'), 'cli'];
const built = [join(root, 'apps', 'cli', 'dist', 'main.js')];

async function tidemark(
  input: string,
  args: readonly string[],
  more: Record<string, string> = {},
  program = built,
): Promise<Ended> {
  const { url } = await product();
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('TIDEMARK_'));
  const env = { ...Object.fromEntries(inherited), TIDEMARK_API_URL: url, ...more };
  const child = spawn(process.execPath, [...program, ...args], {
    env,
    cwd: root,
  });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() };
}

describe('the command line', () => {
  const email = `${randomBytes(12).toString('hex')}@example.test`;
  const passphrase = `passphrase ${randomBytes(8).toString('hex')}`;
  const person = ['--email', email, '--passphrase-stdin'];
  let recoveryCode: string;

  beforeAll(async () => {
    plant('personal', email);
    plant('secret', passphrase);
    // As an operator runs it from a clone; the others are spared the look at what is to be built.
    const args = ['account', 'create', ...person, '--name', 'Ada Lovelace', '--json'];
    const { code, stdout } = await tidemark(`${passphrase}\n`, args, {}, fromAClone);
    expect(code).toBe(0);
    const made = JSON.parse(stdout) as Record<string, string>;
    expect(made).toMatchObject({
      email,
      account: expect.stringMatching(/^acct_/),
      organization: expect.any(String),
    });
    recoveryCode = made['recoveryCode']!;
    plant('secret', recoveryCode);
  });

  it('makes a session that an app can start with, and a device push with', async () => {
    const { code, stdout } = await tidemark(passphrase, [
      'session',
      'create',
      ...person,
      '--device',
      'laptop',
    ]);
    expect(code).toBe(0);
    const session = JSON.parse(stdout) as AppSession;
    plant('secret', session.id, session.symmetricKey.k);
    expect(Object.keys(session)).toEqual(Object.keys(vectors.insomniaSessionEnv.json));
    expect(session).toMatchObject({ email, firstName: 'Ada', lastName: 'Lovelace' });

    const { url } = await product();
    const device = await Device.open({ url, store: new MemoryStore(), name: 'laptop' });
    await device.signInWith(session);
    const file = await device.createFile({ ...(await device.home()), name: 'By the command line' });
    expect(await file.push()).toMatchObject({ snapshots: 1 });
    await device.signOut();
  });

  it('made an account whose recovery code counts', async () => {
    const { url } = await product();
    const next = `another ${passphrase}`;
    plant('secret', next);
    const recovered = await Account.recover({ url }, { email, code: recoveryCode, passphrase: next });
    plant('secret', recovered.recoveryCode);
    await recovered.account.changePassphrase(next, passphrase);
    await recovered.account.signOut();
  });

  it('over the limit of devices lists them, and ends the one that is named', async () => {
    const create = (...more: string[]) => tidemark(passphrase, ['session', 'create', ...person, ...more]);
    const ids: string[] = [];
    for (const name of ['one', 'two', 'three']) {
      const { stdout } = await create('--device', name);
      ids.push((JSON.parse(stdout) as AppSession).id);
    }
    plant('secret', ...ids);
    const refused = await create('--device', 'four');
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/^tidemark: .*\(one, last seen .*\n$/m);
    const [end] = /ses_[0-9a-f]{32}/.exec(refused.stderr)!;
    const fourth = await create('--device', 'four', '--end', end);
    expect(fourth.code).toBe(0);
    plant('secret', (JSON.parse(fourth.stdout) as AppSession).id);
  });

  it('refuses in one line, and never says what was secret', async () => {
    const wrong = `wrong ${passphrase}`;
    const refused = await tidemark(wrong, ['session', 'create', ...person]);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/^tidemark: .*\(INVALID_CREDENTIALS, request \S+\)\n$/m);
    expect(refused.stderr).not.toContain(passphrase);

    const again = await tidemark(passphrase, ['account', 'create', ...person]);
    expect(again).toMatchObject({ code: 1, stdout: '' });
    expect(again.stderr).toContain('CONFLICT');

    const away = await tidemark(passphrase, ['session', 'create', ...person], {
      TIDEMARK_API_URL: 'http://127.0.0.1:1',
    });
    expect(away).toMatchObject({ code: 1, stderr: expect.stringContaining('cannot be reached') });

    const code = `wrong-setup-code-${randomBytes(4).toString('hex')}`;
    const operator = await tidemark(passphrase, ['operator', 'create', ...person], {
      TIDEMARK_SETUP_CODE: code,
    });
    expect(operator).toMatchObject({ code: 1, stdout: '' });
  });

  it.each([
    ['no address', ['session', 'create', '--passphrase-stdin']],
    ['a passphrase among the words', ['session', 'create', '--email', email, '--passphrase', 'x']],
    ['nothing on standard input', ['session', 'create', ...person]],
    ['an unknown command', ['session', 'destroy']],
  ])('ends with 2 for %s', async (_, args) => {
    const { code, stdout, stderr } = await tidemark('', args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/\S/);
  });

  it('makes an account for somebody in the name of the operator', async () => {
    const { token } = await product();
    const other = `${randomBytes(12).toString('hex')}@example.test`;
    plant('personal', other);
    const { code, stdout } = await tidemark(
      passphrase,
      ['account', 'create', '--email', other, '--passphrase-stdin', '--json'],
      { TIDEMARK_OPERATOR_TOKEN: token },
    );
    expect(code).toBe(0);
    plant('secret', (JSON.parse(stdout) as { recoveryCode: string }).recoveryCode);
    const { code: signedIn } = await tidemark(passphrase, [
      'session',
      'create',
      '--email',
      other,
      '--passphrase-stdin',
    ]);
    expect(signedIn).toBe(0);
  });
});
