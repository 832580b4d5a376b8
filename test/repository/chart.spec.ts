import { cpSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { defects } from '../kube/tier/defects.mjs';
import { problems } from '../kube/tier/rules.mjs';

const chart = join(import.meta.dirname, '..', '..', 'deploy', 'helm', 'tidemark');
const read = (file: string) => readFileSync(join(chart, file), 'utf8');

/** What ends a path in the table: a plain value, a list, or a map that users fill. */
const whole = new Set(['resources']);

function leaves(value: object, prefix = ''): [string, unknown][] {
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
    const path = `${prefix}${name}`;
    const branch =
      typeof inner === 'object' && inner !== null && !Array.isArray(inner) && Object.keys(inner).length > 0;
    return branch && !whole.has(name) ? leaves(inner, `${path}.`) : [[path, inner]];
  });
}

describe('the README of the chart', () => {
  const rows = [...read('README.md').matchAll(/^\| `([\w.]+)` \| `([^`]*)` \| (\S.*) \|$/gm)];

  it('lists each value with its default and a word about it, and no other', () => {
    const listed = rows.map(([, path, value]) => [path, JSON.parse(value!) as unknown]);
    const present = leaves(parse(read('values.yaml')) as object);
    expect(listed.length).toBeGreaterThan(50);
    expect(listed).toEqual(present);
  });
});

describe('the schema of the values', () => {
  interface Schema {
    $ref?: string;
    type?: string;
    properties?: Record<string, Schema>;
    additionalProperties?: unknown;
  }
  const schema = JSON.parse(read('values.schema.json')) as Schema & { definitions: Record<string, Schema> };
  const at = (path: string) =>
    path.split('.').reduce<Schema | undefined>((found, name) => {
      const inner = found?.properties?.[name];
      return inner?.$ref ? schema.definitions[inner.$ref.split('/').at(-1)!] : inner;
    }, schema);

  it('knows each value', () => {
    const unknown = leaves(parse(read('values.yaml')) as object).filter(([path]) => !at(path));
    expect(unknown).toEqual([]);
  });

  it('refuses what it does not know, at every level that has names of its own', () => {
    const all: Schema[] = [schema, ...Object.values(schema.definitions)];
    for (const one of all) all.push(...Object.values(one.properties ?? {}));
    const open = all.filter(
      ({ properties, additionalProperties }) => properties && additionalProperties !== false,
    );
    expect(open).toEqual([]);
  });
});

describe('the Kubernetes tier', () => {
  it('renders at least eight sets of values', () => {
    const sets = globSync('*.yaml', { cwd: join(import.meta.dirname, '..', 'kube', 'values') });
    expect(sets.length).toBeGreaterThanOrEqual(8);
  });

  it('can plant each defect: the text that it spoils is in the chart', () => {
    for (const { plant } of defects as { plant?: (folder: string) => void }[]) {
      const folder = mkdtempSync(join(tmpdir(), 'tidemark-chart-'));
      cpSync(chart, folder, { recursive: true });
      plant?.(folder);
      rmSync(folder, { recursive: true });
    }
  });

  it('has planted defects for each kind of layer', () => {
    const layers = defects.map(({ caughtBy }: { caughtBy: string }) => caughtBy);
    expect(new Set(layers)).toEqual(new Set(['schema', 'rules', 'install', 'request']));
  });
});

describe('the rules of the tier', () => {
  const labels = { app: 'a' };
  const container = () => ({
    name: 'a',
    image: 'a:1',
    ports: [{ name: 'http', containerPort: 1 }],
    ...Object.fromEntries(
      ['startupProbe', 'readinessProbe', 'livenessProbe'].map((probe) => [
        probe,
        { httpGet: { port: 'http' } },
      ]),
    ),
    env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'secret', key: 'key' } } }],
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] as string[] },
    },
    resources: { requests: { cpu: 1, memory: 1 }, limits: { memory: 1 } } as object,
  });
  const good = () => {
    const pod = {
      metadata: { labels },
      spec: {
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 1,
          seccompProfile: { type: 'RuntimeDefault' },
        } as object,
        automountServiceAccountToken: false,
        volumes: [] as object[],
        terminationGracePeriodSeconds: 30,
        containers: [container()],
      },
    };
    return {
      deployment: { kind: 'Deployment', metadata: { name: 'a' }, spec: { template: pod } },
      service: {
        kind: 'Service',
        metadata: { name: 'a' },
        spec: { selector: labels as object, ports: [{ port: 2, targetPort: 'http' }] },
      },
      pdb: {
        kind: 'PodDisruptionBudget',
        metadata: { name: 'a' },
        spec: { selector: { matchLabels: labels } },
      },
      deny: {
        kind: 'NetworkPolicy',
        metadata: { name: 'a' },
        spec: {
          podSelector: { matchLabels: labels },
          policyTypes: ['Ingress', 'Egress'],
          egress: undefined as unknown,
        },
      },
      secret: { kind: 'Secret', metadata: { name: 'secret' }, stringData: { key: 'v' } as object },
    };
  };
  type Good = ReturnType<typeof good>;
  const found = (spoil: (parts: Good) => void) => {
    const parts = good();
    spoil(parts);
    return problems(Object.values(parts)) as string[];
  };
  const first = (parts: Good) => parts.deployment.spec.template.spec.containers[0]!;

  it('find nothing where nothing is wrong', () => expect(found(() => undefined)).toEqual([]));

  it.each<[string, (parts: Good) => void]>([
    ['may run as root', ({ deployment }) => (deployment.spec.template.spec.securityContext = {})],
    [
      'mounts a token',
      ({ deployment }) => (deployment.spec.template.spec.automountServiceAccountToken = true),
    ],
    ['may write to its root', (parts) => (first(parts).securityContext.readOnlyRootFilesystem = false)],
    ['keeps capabilities', (parts) => (first(parts).securityContext.capabilities.drop = ['CHOWN'])],
    ['has no memory limit', (parts) => (first(parts).resources = {})],
    ['image without a version', (parts) => (first(parts).image = 'a')],
    ['image without a version', (parts) => (first(parts).image = 'a:latest')],
    ['asks port 9', (parts) => Object.assign(first(parts), { readinessProbe: { httpGet: { port: 9 } } })],
    ['has no livenessProbe', (parts) => Object.assign(first(parts), { livenessProbe: undefined })],
    [
      'is killed before',
      ({ deployment }) => (deployment.spec.template.spec.terminationGracePeriodSeconds = 29),
    ],
    ['0 disruption budgets', ({ pdb }) => (pdb.spec.selector.matchLabels = { app: 'b' })],
    ['no policy that denies', ({ deny }) => (deny.spec.egress = [{}])],
    ['no policy that denies', ({ deny }) => (deny.spec.policyTypes = ['Ingress'])],
    ['chooses 0 workloads', ({ service }) => (service.spec.selector = { app: 'b' })],
    ['leads to port web', ({ service }) => (service.spec.ports[0]!.targetPort = 'web')],
    ['which nobody makes', ({ secret }) => (secret.metadata.name = 'other')],
    ['wants key of', ({ secret }) => (secret.stringData = {})],
    [
      'wants the Secret absent',
      ({ deployment }) => deployment.spec.template.spec.volumes.push({ secret: { secretName: 'absent' } }),
    ],
    [
      'wants other of',
      ({ deployment }) =>
        deployment.spec.template.spec.volumes.push({
          secret: { secretName: 'secret', items: [{ key: 'other' }] },
        }),
    ],
    ['which the pod has not', (parts) => Object.assign(first(parts), { volumeMounts: [{ name: 'x' }] })],
  ])('find: %s', (text, spoil) => {
    expect(found(spoil).join('\n')).toContain(text);
  });
});
