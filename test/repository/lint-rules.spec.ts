import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const script = join(import.meta.dirname, 'lint-snippets.mjs');

const direction = 'tidemark/import-direction';
const syntax = 'no-restricted-syntax';

const uses = (specifier: string) => `import * as it from '${specifier}';\nexport const seen = it;\n`;

const refused: [what: string, file: string, code: string, rule: string][] = [
  ['a service imports its sibling', 'libs/orgs/src/x.ts', uses('@tidemark/branches'), direction],
  ['a service reaches into its sibling', 'libs/orgs/src/x.ts', uses('../../branches/src/y.js'), direction],
  ['a service imports it when needed', 'libs/orgs/src/x.ts', `await import('@tidemark/audit');`, direction],
  ['a service hands its sibling on', 'libs/orgs/src/x.ts', `export * from '@tidemark/audit';`, direction],
  [
    'a type comes from a sibling',
    'libs/orgs/src/x.ts',
    `export type A = import('@tidemark/audit').A;`,
    direction,
  ],
  ['contracts import anything of ours', 'libs/contracts/src/x.ts', uses('@tidemark/runtime'), direction],
  ['the platform points up', 'libs/runtime/src/x.ts', uses('@tidemark/event-store'), direction],
  ['the event store knows transport', 'libs/event-store/src/x.ts', uses('@tidemark/transport'), direction],
  ['a service starts backing services', 'libs/orgs/src/x.ts', uses('@tidemark/backing'), direction],
  ['an app runs a service not its own', 'apps/orgs/src/main.ts', uses('@tidemark/branches'), direction],
  ['an app imports an app', 'apps/launcher/src/main.ts', uses('@tidemark/app-standalone'), direction],
  ['product code uses test helpers', 'libs/orgs/src/x.ts', uses('@tidemark/testing'), direction],
  ['a library imports itself by name', 'libs/orgs/src/x.ts', uses('@tidemark/orgs'), direction],
  ['kafkajs outside of transport', 'libs/event-store/src/x.ts', uses('kafkajs'), direction],
  ['kafkajs in a test', 'test/faults/x.fault.spec.ts', uses('kafkajs'), direction],
  [
    'a service reads the environment',
    'libs/orgs/src/x.ts',
    `export const home = process.env['HOME'];`,
    syntax,
  ],
  ['an app does', 'apps/orgs/src/main.ts', `export const { env } = process;`, syntax],
  [
    'by way of the module',
    'libs/orgs/src/x.ts',
    `import { env } from 'node:process';\nexport { env };`,
    syntax,
  ],
  ['by way of globalThis', 'libs/orgs/src/x.ts', `export const env = globalThis.process.env;`, syntax],
  [
    'runtime does outside of config',
    'libs/runtime/src/logging/x.ts',
    `export const e = process.env;`,
    syntax,
  ],
  ['a test is skipped', 'libs/orgs/src/x.spec.ts', `it.skip('later', () => undefined);`, syntax],
  ['a test runs alone', 'libs/orgs/src/x.spec.ts', `describe.only('this', () => undefined);`, syntax],
  [
    'any',
    'libs/orgs/src/x.ts',
    `export const x = (y: any) => Boolean(y);`,
    '@typescript-eslint/no-explicit-any',
  ],
  ['something left to do', 'libs/orgs/src/x.ts', `// TODO: more\nexport {};`, 'no-warning-comments'],
];

const allowed: [what: string, file: string, code: string][] = [
  ['a service imports the platform', 'libs/orgs/src/x.ts', uses('@tidemark/event-store')],
  ['a service imports contracts', 'libs/orgs/src/x.ts', uses('@tidemark/contracts')],
  ['a library imports itself by path', 'libs/orgs/src/a/x.ts', uses('../b/y.js')],
  ['an app runs its service', 'apps/orgs/src/main.ts', uses('@tidemark/orgs')],
  ['standalone runs every service', 'apps/standalone/src/main.ts', uses('@tidemark/branches')],
  ['standalone starts Postgres', 'apps/standalone/src/main.ts', uses('@tidemark/backing')],
  ['a spec file uses test helpers', 'libs/orgs/src/x.int.spec.ts', uses('@tidemark/testing')],
  ['a contract suite uses test helpers', 'libs/event-store/src/x.contract.ts', uses('@tidemark/testing')],
  ['an end-to-end test uses what it needs', 'test/e2e/x.e2e.spec.ts', uses('@tidemark/backing')],
  ['kafkajs in transport', 'libs/transport/src/x.ts', uses('kafkajs')],
  [
    'config reads the environment',
    'libs/runtime/src/config/x.ts',
    `export const home = process.env['HOME'];`,
  ],
];

function lint(snippets: { file: string; code: string }[]): string[][] {
  const input = JSON.stringify(snippets.map(({ file, code }) => ({ file: join(root, file), code })));
  const { stdout, stderr } = spawnSync(process.execPath, [script], { cwd: root, input, encoding: 'utf8' });
  if (!stdout) throw new Error(stderr);
  return JSON.parse(stdout);
}

describe('the lint rules', () => {
  let ofRefused: string[][];
  let ofAllowed: string[][];

  beforeAll(() => {
    const broken = lint([...refused, ...allowed].map(([, file, code]) => ({ file, code })));
    ofRefused = broken.slice(0, refused.length);
    ofAllowed = broken.slice(refused.length);
  }, 60_000);

  it.each(refused.map(([what, , , rule], index) => ({ what, rule, index })))(
    'refuse: $what',
    ({ rule, index }) => {
      expect(ofRefused[index]).toEqual([rule]);
    },
  );

  it.each(allowed.map(([what], index) => ({ what, index })))('allow: $what', ({ index }) => {
    expect(ofAllowed[index]).toEqual([]);
  });

  it('cannot be switched off by a comment', () => {
    const code = `// eslint-disable-next-line ${direction}\n${uses('@tidemark/branches')}`;
    expect(lint([{ file: 'libs/orgs/src/x.ts', code }])[0]).toContain(direction);
  });
});
