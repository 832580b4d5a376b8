// The network between the parts: for each part, which of the others it reaches, tried from a pod that looks like it.
import { setTimeout as sleep } from 'node:timers/promises';

const services = ['gateway', 'orgs', 'branches', 'snapshots', 'audit'];
const servers = { postgres: 5432, kafka: 9092, redis: 6379 };

const all = [...services, ...Object.keys(servers)];

/** What each part may reach. Everything else is forbidden; the door of the gateway is open to all. */
export const allowed = {
  gateway: ['orgs', 'branches', 'snapshots', 'audit', 'redis'],
  orgs: ['postgres', 'kafka', 'redis'],
  branches: ['postgres', 'kafka', 'redis'],
  snapshots: ['branches', 'postgres', 'kafka', 'redis'],
  audit: ['postgres', 'kafka', 'redis'],
  // Its way to Postgres is open only while a release is being migrated.
  migrate: [],
  stranger: ['gateway', ...Object.keys(servers)],
};

// Tries each address until everything is as it should be, for a policy reaches a new pod after a moment.
const program = `
  const { connect } = require('node:net');
  const [targets, wanted] = JSON.parse(process.env.EDGES);
  const reach = ([name, host, port]) => new Promise((done) => {
    const socket = connect({ host, port, timeout: 1500 });
    const end = (open) => { socket.destroy(); done([name, open]); };
    socket.on('connect', () => end(true)).on('timeout', () => end(false)).on('error', () => end(false));
  });
  (async () => {
    for (let tries = 0; ; tries++) {
      const open = (await Promise.all(targets.map(reach))).filter(([, is]) => is).map(([name]) => name);
      if (open.join() === wanted.join() || tries === 25) return console.log(JSON.stringify(open));
      await new Promise((done) => setTimeout(done, 400));
    }
  })();
`;

const labelsOf = (from) =>
  from === 'stranger'
    ? { app: 'stranger' }
    : {
        'app.kubernetes.io/name': 'tidemark',
        'app.kubernetes.io/instance': 'tidemark',
        'app.kubernetes.io/component': from,
      };

const prober = (from, image, edges) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: `edge-${from}`, labels: labelsOf(from) },
  spec: {
    restartPolicy: 'Never',
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    // It looks like a part of the service but must never be sent a request: it does not become ready.
    readinessGates: [{ conditionType: 'tidemark.example/never' }],
    securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name: 'edge',
        image,
        imagePullPolicy: 'IfNotPresent',
        command: ['/usr/local/bin/node', '-e', program],
        env: [{ name: 'EDGES', value: JSON.stringify(edges) }],
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
      },
    ],
  },
});

/** By address, so that a part without DNS is not taken for a part without ways. */
async function addresses(installation) {
  const { items } = await installation.get('endpointslices');
  const own = services.map((name) => {
    const slice = items.find(
      ({ metadata }) => metadata.labels['kubernetes.io/service-name'] === `tidemark-${name}`,
    );
    return [name, slice.endpoints[0].addresses[0], 7420];
  });
  const outside = Object.entries(servers).map(([name, port]) => [name, installation.services.host, port]);
  return [...own, ...outside];
}

async function ended(installation, name) {
  for (let tries = 0; tries < 300; tries++) {
    const { status } = await installation.get('pod', name);
    if (['Succeeded', 'Failed'].includes(status.phase)) return;
    await sleep(500);
  }
  throw new Error(`${name} did not end`);
}

/** Opens pods that look like each part; gives for each what it reached. */
export async function reached(installation, image, froms = Object.keys(allowed)) {
  const targets = await addresses(installation);
  const wantedOf = (from) => all.filter((name) => allowed[from].includes(name));
  const pods = froms.map((from) => prober(from, image, [targets, wantedOf(from)]));
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: pods });
  await installation.box.exec(['kubectl', '--namespace', installation.namespace, 'create', '-f', '-'], {
    input,
  });
  const result = {};
  for (const from of froms) {
    await ended(installation, `edge-${from}`);
    result[from] = JSON.parse(await installation.kubectl('logs', `edge-${from}`));
  }
  await installation.kubectl('delete', 'pods', ...froms.map((from) => `edge-${from}`), '--wait=false');
  return { reached: result, wanted: Object.fromEntries(froms.map((from) => [from, wantedOf(from)])) };
}
