import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Account } from '@tidemark/device';
import { freshFolder, nothingLeft, start, type Standalone } from './kit/standalone.js';

describe('the first run', () => {
  const folders: string[] = [];
  const folder = () => {
    folders.push(freshFolder());
    return folders.at(-1)!;
  };
  const installation = async ({ api }: Standalone) =>
    (await (await fetch(`${api}/app/api/installation`)).json()) as Record<string, unknown>;
  const signUp = ({ api: url }: Standalone, name: string, setupCode?: string) =>
    Account.signUp(
      { url },
      {
        email: `${name}@example.org`,
        passphrase: `the passphrase of ${name}`,
        ...(setupCode !== undefined && { setupCode }),
      },
    );
  const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);

  afterAll(async () => {
    for (const made of folders) {
      await nothingLeft(made);
      rmSync(made, { recursive: true, force: true });
    }
  }, 90_000);

  it('on a machine that only itself can reach: everybody may sign up, and the first one becomes operator', async () => {
    const dataDir = folder();
    const product = await start(dataDir);
    expect(await installation(product)).toMatchObject({
      policy: 'open',
      needsOperator: true,
      codeless: true,
    });
    expect(product.program.stderr.join('\n')).toContain(`${product.api}/app/sign-up`);
    expect(product.program.stderr.join('\n')).toContain(`INSOMNIA_API_URL=${product.api}`);
    expect((await signUp(product, 'first')).account.view.operator).toBe(true);
    expect((await signUp(product, 'second')).account.view.operator).toBe(false);
    expect(existsSync(join(dataDir, 'setup-code'))).toBe(false);
    expect(mode(join(dataDir, 'keys.json'))).toBe('600');
    expect((await product.program.stop()).code).toBe(0);
  }, 120_000);

  it('elsewhere: nobody may, but for the first one who has the code, once', async () => {
    const dataDir = folder();
    const product = await start(dataDir, { TIDEMARK_HOST: '0.0.0.0' });
    const policy = { policy: 'closed', needsOperator: true, codeless: false, mails: false };
    expect(await installation(product)).toMatchObject(policy);
    const file = join(dataDir, 'setup-code');
    expect(mode(file)).toBe('600');
    expect(product.program.stderr.join('\n')).toContain(file);
    const code = readFileSync(file, 'utf8').trim();
    expect(product.program.stderr.join('\n')).not.toContain(code);

    await expect(signUp(product, 'nobody')).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(signUp(product, 'guesser', 'x'.repeat(32))).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect((await signUp(product, 'first', code)).account.view.operator).toBe(true);
    await expect(signUp(product, 'late', code)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(await installation(product)).toMatchObject({ ...policy, needsOperator: false });
    expect((await product.program.stop()).code).toBe(0);
  }, 120_000);
});
