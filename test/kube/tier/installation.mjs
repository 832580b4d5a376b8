// One installation of the chart in a namespace of the cluster, and what can be done with it.
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chart } from './chart.mjs';

const CLAIM = 'blobs';

/** What the load of an upgrade does not reach needs no second pod on two cores. */
const alone = new Set(['branches', 'snapshots']);

const values = ({ databaseUrl, kafkaBrokers, redisUrl, host }, tag) => ({
  image: { tag },
  database: { ownerUrl: databaseUrl },
  kafka: { brokers: kafkaBrokers.split(','), partitions: 3, replication: 1, sessionMs: 10_000 },
  redis: { url: redisUrl },
  blobs: { existingClaim: CLAIM },
  accounts: { registration: 'open' },
  // Two cores hold everything, the surge of an upgrade included.
  ...Object.fromEntries(
    ['gateway', 'orgs', 'branches', 'snapshots', 'audit'].map((name) => [
      name,
      { resources: { requests: { cpu: '20m' } }, ...(alone.has(name) && { replicas: 1 }) },
    ]),
  ),
  migrations: { resources: { requests: { cpu: '20m' } } },
  networkPolicy: Object.fromEntries(
    ['postgres', 'kafka', 'redis'].map((name) => [name, { to: [{ ipBlock: { cidr: `${host}/32` } }] }]),
  ),
});

export class Installation {
  constructor({ box, services, folder, namespace = 'tidemark', from = chart }) {
    Object.assign(this, { box, services, folder, namespace, from });
  }

  get url() {
    return `http://tidemark-gateway.${this.namespace}`;
  }

  /** As an operator would: Helm with a file of values, and everything else as the chart has it. */
  helm(command, tag, ...flags) {
    const file = join(this.folder, `${this.namespace}-${tag}.json`);
    writeFileSync(file, JSON.stringify(values(this.services, tag)), { mode: 0o600 });
    const target = ['tidemark', this.from, '--namespace', this.namespace];
    return this.box.exec(['helm', command, ...target, '--values', file, ...flags]);
  }

  install(tag, timeout = '180s', ...flags) {
    return this.helm('install', tag, '--wait', '--wait-for-jobs', '--timeout', timeout, ...flags);
  }

  upgrade(tag, timeout = '240s', ...flags) {
    return this.helm('upgrade', tag, '--wait', '--wait-for-jobs', '--timeout', timeout, ...flags);
  }

  release(...command) {
    return this.box.exec(['helm', ...command, '--namespace', this.namespace]);
  }

  async makeNamespace() {
    const object = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: this.namespace, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    };
    await this.create([object, ...this.volume()]);
    this.hasNamespace = true;
  }

  create(items) {
    const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
    return this.box.exec(['kubectl', 'create', '-f', '-'], { input });
  }

  /** A folder of the node as a volume that all pods may write to, and the claim that the chart is told. */
  volume() {
    const path = join(this.folder, `blobs-${this.namespace}`);
    mkdirSync(path);
    chmodSync(path, 0o777);
    const spec = { accessModes: ['ReadWriteMany'], storageClassName: '' };
    const name = `blobs-${this.namespace}`;
    return [
      {
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: { name },
        spec: { ...spec, capacity: { storage: '1Gi' }, hostPath: { path } },
      },
      {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: CLAIM, namespace: this.namespace },
        spec: { ...spec, volumeName: name, resources: { requests: { storage: '1Gi' } } },
      },
    ];
  }

  kubectl(...args) {
    return this.box.kubectl(this.namespace, ...args);
  }

  get(...what) {
    return this.box.get(this.namespace, ...what);
  }

  async token() {
    const { data } = await this.get('secret', 'tidemark');
    return Buffer.from(data['operator-token'], 'base64').toString();
  }

  /** The images that run, by pod, without those that are ending. */
  async running() {
    const { items } = await this.get('pods', '--selector', 'app.kubernetes.io/instance=tidemark');
    return items
      .filter(({ metadata, status }) => !metadata.deletionTimestamp && status.phase === 'Running')
      .map(({ spec }) => spec.containers[0].image.split(':').at(-1));
  }

  /** What helps to understand a failure. */
  async state() {
    const pods = await this.kubectl('get', 'pods,jobs', '--output', 'wide').catch(({ message }) => message);
    const events = await this.kubectl('get', 'events', '--sort-by', '.lastTimestamp').catch(
      ({ message }) => message,
    );
    return `${pods}\n${events.split('\n').slice(-15).join('\n')}`;
  }
}

export const readLines = (file) => readFileSync(file, 'utf8').split('\n').filter(Boolean);
