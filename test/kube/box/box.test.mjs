// node --test test/kube/box/box.test.mjs: the box itself, with pods of plain Node. Prints its times.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { node24 } from '../../../scripts/node24.mjs';
import { makeImage } from './make-image.mjs';
import { startServices, stopServices } from './services.mjs';

const box = join(import.meta.dirname, 'box');
const work = mkdtempSync(join(tmpdir(), 'tidemark-box-'));
const dir = join(work, 'box');

function command(program, args, options = {}) {
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    ...options,
  });
  return { status, stdout, stderr };
}

function must(program, args, options) {
  const { status, stdout, stderr } = command(program, args, options);
  assert.equal(status, 0, `${program} ${args.join(' ')}\n${stdout}${stderr}`);
  return stdout;
}

const inside = (...args) => command(box, ['exec', dir, ...args]);
const kubectl = (args, input) =>
  must(box, ['exec', dir, 'kubectl', '--namespace', 'try', ...args], { input });

function timed(what, work) {
  const began = performance.now();
  const result = work();
  console.log(`box: ${what}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
  return result;
}

async function eventually(what, isSo, seconds = 60) {
  const end = Date.now() + seconds * 1000;
  while (!(await isSo())) {
    assert.ok(Date.now() < end, `not in ${seconds} s: ${what}`);
    await sleep(100);
  }
}

const ownCgroup = `tidemark-box-${must('cksum', [], { input: dir }).split(' ')[0]}`;

/** All of the machine that a box might change. */
function traces() {
  const read = (path) => readFileSync(path, 'utf8');
  const sysctls = [
    'vm/overcommit_memory',
    'vm/panic_on_oom',
    'kernel/panic',
    'kernel/panic_on_oops',
    'net/ipv4/ip_forward',
  ];
  return {
    mounts: read('/proc/self/mounts'),
    addresses: must('ip', ['-brief', 'address']),
    routes: must('ip', ['route']),
    namespaces: existsSync('/run/netns') ? readdirSync('/run/netns') : [],
    sysctls: sysctls.map((name) => [name, read(`/proc/sys/${name}`)]),
    folders: ['/var/lib', '/var/log', '/etc', '/run'].map((path) => readdirSync(path)),
    cgroups: readdirSync('/sys/fs/cgroup').flatMap((name) => {
      const path = join('/sys/fs/cgroup', name);
      return existsSync(join(path, 'cgroup.procs'))
        ? readdirSync(path).filter((each) => each === ownCgroup)
        : [];
    }),
    watchers: processes((pid) => read(`/proc/${pid}/cmdline`).includes(work)),
  };
}

function processes(isMeant) {
  const isSo = (pid) => {
    try {
      return isMeant(pid);
    } catch {
      return false; // it has ended
    }
  };
  return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid && isSo(pid));
}

/** The processes of the box that is up now: a function, for they are asked for when the box itself is forgotten. */
function processesOfBox() {
  const [first] = readFileSync(join(dir, 'pid'), 'utf8').split(' ');
  const namespace = readlinkSync(`/proc/${first}/ns/pid`);
  return () => processes((pid) => readlinkSync(`/proc/${pid}/ns/pid`) === namespace);
}

const programs = {
  'serve.js': `require('node:http').createServer((_, response) => response.end('hello from ' + process.getuid())).listen(3000);`,
  // asks until it is answered: a new pod's address reaches the rules after a moment
  'ask.js': `
    const [url, tries] = process.argv.slice(2);
    const ask = (left) => left === 0 ? process.exit(1)
      : fetch(url, { signal: AbortSignal.timeout(800) }).then((answer) => answer.text())
        .then((text) => { console.log(text); process.exit(0); }, () => setTimeout(ask, 200, left - 1));
    ask(Number(tries));`,
  // sends bytes and prints what comes back first
  'bytes.js': `
    const [host, port, hex] = process.argv.slice(2);
    const socket = require('node:net').connect({ host, port, timeout: 5000 }, () => socket.write(Buffer.from(hex, 'hex')));
    socket.on('data', (bytes) => { console.log(bytes.toString('latin1')); process.exit(0); });
    for (const end of ['timeout', 'error', 'close']) socket.on(end, () => process.exit(1));`,
};

/** Node, the libraries that it names, and the programs above. */
function nodeFolder() {
  const root = join(work, 'root');
  mkdirSync(join(root, 'try'), { recursive: true });
  const libraries = must('ldd', [node24()]).match(/\/\S+/g);
  const copies = [[node24(), '/usr/local/bin/node'], ...libraries.map((library) => [library, library])];
  for (const [from, to] of copies) {
    mkdirSync(join(root, dirname(to)), { recursive: true });
    copyFileSync(from, join(root, to));
  }
  for (const [name, text] of Object.entries(programs)) writeFileSync(join(root, 'try', name), text);
  return root;
}

const pod = (name, labels, args, ports) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels },
  spec: {
    restartPolicy: 'Never',
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name: 'node',
        image: 'try/node:1',
        args,
        ports,
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
      },
    ],
  },
});

const create = (...items) =>
  kubectl(['create', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));

/** What a pod said, and how it ended. */
async function outcome(name) {
  let ended;
  const path = 'jsonpath={.status.containerStatuses[0].state.terminated.exitCode}';
  await eventually(`pod ${name} ends`, () => (ended = kubectl(['get', 'pod', name, '-o', path])) !== '');
  return { status: Number(ended), said: kubectl(['logs', name]).trim() };
}

let untouched;

before(async () => {
  timed('setup', () => must(box, ['setup'], { stdio: 'inherit' }));
  timed('setup again', () => must(box, ['setup']));
  untouched = traces();
  timed('up', () => must(box, ['up', dir, String(process.pid)]));
  const root = nodeFolder();
  const out = join(work, 'node.tar');
  const options = { out, name: 'try/node:1', user: '10001', entrypoint: ['/usr/local/bin/node'] };
  const { size } = await makeImage({ ...options, layers: [{ label: 'node', folder: root }] });
  timed(`load an image of ${Math.round(size / 1e6)} MB`, () => must(box, ['load', dir, out]));
  must(box, ['exec', dir, 'kubectl', 'create', 'namespace', 'try']);
  must(box, [
    'exec',
    dir,
    'kubectl',
    'label',
    'namespace',
    'try',
    'pod-security.kubernetes.io/enforce=restricted',
  ]);
});

after(() => {
  command(box, ['down', dir]);
  rmSync(work, { recursive: true, force: true });
});

describe('a box', () => {
  it('is a cluster with one node that is ready', () => {
    assert.match(kubectl(['get', 'nodes']), /^node1 +Ready .* v1\.35\./m);
  });

  it('passes on arguments, input, folder and status of a command', () => {
    assert.equal(must(box, ['exec', dir, 'cat'], { input: 'in' }), 'in');
    assert.equal(must(box, ['exec', dir, 'printf', '%s.', 'a b', '$c']), 'a b.$c.');
    assert.equal(must(box, ['exec', dir, 'pwd'], { cwd: work }).trim(), work);
    assert.equal(inside('sh', '-c', 'exit 7').status, 7);
  });

  it('refuses what is against its Pod Security level', () => {
    const bare = { ...pod('bare', {}, []), spec: { containers: [{ name: 'node', image: 'try/node:1' }] } };
    const refused = command(box, ['exec', dir, 'kubectl', '-n', 'try', 'create', '-f', '-'], {
      input: JSON.stringify(bare),
    });
    assert.notEqual(refused.status, 0);
    assert.match(refused.stderr, /violates PodSecurity "restricted/);
  });

  it('runs pods, knows a Service by its name, and enforces network policies', async () => {
    create(
      pod('server', { app: 'server' }, ['/try/serve.js'], [{ name: 'http', containerPort: 3000 }]),
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'server' },
        spec: { selector: { app: 'server' }, ports: [{ port: 80, targetPort: 'http' }] },
      },
      pod('before', {}, ['/try/ask.js', 'http://server/', '50']),
    );
    kubectl(['wait', 'pod/server', '--for=condition=Ready', '--timeout=60s']);
    assert.deepEqual(await outcome('before'), { status: 0, said: 'hello from 10001' });
    assert.match(must(box, ['exec', dir, node24(), '-e', askServer]), /hello/);

    create(
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'server' },
        spec: {
          podSelector: { matchLabels: { app: 'server' } },
          policyTypes: ['Ingress'],
          ingress: [
            { from: [{ podSelector: { matchLabels: { friend: 'true' } } }], ports: [{ port: 3000 }] },
          ],
        },
      },
      pod('friend', { friend: 'true' }, ['/try/ask.js', 'http://server/', '50']),
    );
    assert.deepEqual(await outcome('friend'), { status: 0, said: 'hello from 10001' });
    create(pod('stranger', {}, ['/try/ask.js', 'http://server/', '5']));
    assert.deepEqual(await outcome('stranger'), { status: 1, said: '' });
  });

  it('does not reach the machine', async () => {
    const listener = spawn(node24(), [
      '-e',
      `require('node:net').createServer().listen(0, '127.0.0.1', function () { console.log(this.address().port); })`,
    ]);
    const [port] = await listener.stdout.take(1).map(String).toArray();
    const reached = inside(node24(), join(work, 'root', 'try', 'bytes.js'), '127.0.0.1', port.trim(), '00');
    listener.kill();
    assert.equal(reached.status, 1);
  });
});

const askServer = `fetch('http://server.try/').then((answer) => answer.text()).then(console.log)`;

const text = (value) => Buffer.from(`${value}\0`);

/** The first message of a Postgres client: it is asked for its password (R, 10: SCRAM) where pg_hba lets it in. */
function postgresHello() {
  const body = Buffer.concat([
    Buffer.from([0, 3, 0, 0]),
    ...['user', 'tidemark', 'database', 'tidemark', ''].map(text),
  ]);
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([length, body]).toString('hex');
}

/** A Kafka FindCoordinator request, version 0: its answer names the broker's host. */
function kafkaHello() {
  const string = (value) => Buffer.concat([Buffer.from([0, value.length]), Buffer.from(value)]);
  const body = Buffer.concat([Buffer.from([0, 10, 0, 0, 0, 0, 0, 1]), string('try'), string('try')]);
  return Buffer.concat([Buffer.from([0, 0, 0, body.length]), body]).toString('hex');
}

describe('the services of a box', () => {
  it('answer pods on the address of the box, and ask for a password', async () => {
    const began = performance.now();
    const { host, redisUrl, kafkaBrokers, databaseUrl, superuserUrl } = await startServices(dir, ['more']);
    console.log(`box: Postgres, Kafka and Redis: ${((performance.now() - began) / 1000).toFixed(1)} s`);
    assert.equal(kafkaBrokers, '10.88.0.2:9092');
    const { password } = new URL(redisUrl);
    const redisHello = Buffer.from(`AUTH ${password}\r\nPING\r\n`).toString('hex');
    create(
      pod('postgres', {}, ['/try/bytes.js', host, '5432', postgresHello()]),
      pod('kafka', {}, ['/try/bytes.js', host, '9092', kafkaHello()]),
      pod('redis', {}, ['/try/bytes.js', host, '6379', redisHello]),
      pod('nobody', {}, ['/try/bytes.js', host, '6379', Buffer.from('PING\r\n').toString('hex')]),
    );
    assert.match((await outcome('postgres')).said, /^R.*SCRAM-SHA-256/s);
    assert.match((await outcome('kafka')).said, /10\.88\.0\.2/);
    assert.match((await outcome('redis')).said, /^\+OK/);
    assert.match((await outcome('nobody')).said, /^-NOAUTH/);

    const query = `const { default: pg } = await import('pg');
      for (const url of process.argv.slice(1)) {
        const client = new pg.Client(url);
        await client.connect();
        const { rows } = await client.query('select current_user as who, rolsuper as all from pg_roles where rolname = current_user');
        console.log(JSON.stringify(rows[0]));
        await client.end();
      }`;
    const asked = must(
      box,
      ['exec', dir, node24(), '--input-type=module', '-e', query, databaseUrl, superuserUrl],
      {
        cwd: import.meta.dirname,
      },
    );
    assert.deepEqual(
      asked
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
      [
        { who: 'tidemark', all: false },
        { who: 'postgres', all: true },
      ],
    );
    await stopServices(dir);
    assert.equal(inside(node24(), join(work, 'root', 'try', 'bytes.js'), host, '6379', '00').status, 1);
  });
});

const isOver = (running) =>
  !existsSync(join(dir, 'state')) && running().length === 0 && traces().watchers.length === 0;

describe('the end of a box', () => {
  it('leaves the machine as it was, and the logs', async () => {
    await startServices(dir); // they end with it
    const running = processesOfBox();
    assert.ok(running().length > 10);
    timed('down', () => must(box, ['down', dir]));
    await eventually('the watcher has ended', () => traces().watchers.length === 0);
    assert.deepEqual(running(), []);
    assert.deepEqual(traces(), untouched);
    assert.deepEqual(readdirSync(dir), ['.box', 'log'].sort());
    assert.ok(existsSync(join(dir, 'log', 'kube-apiserver.log')));
    assert.equal(must(box, ['down', dir]), '');
    assert.equal(inside('true').status, 1);
  });

  it('comes with the kill -9 of its owner', async () => {
    const owner = spawn('sleep', ['600']);
    const gone = new Promise((done) => owner.on('exit', done));
    must(box, ['up', dir, String(owner.pid)]);
    assert.equal(inside('true').status, 0);
    const running = processesOfBox();
    owner.kill('SIGKILL');
    await gone;
    await eventually('nothing is left', () => isOver(running));
    assert.deepEqual(traces(), untouched);
  });

  for (const signal of ['SIGINT', 'SIGKILL']) {
    it(`comes with the ${signal} of an up that is not done`, async () => {
      const up = spawn(box, ['up', dir], { stdio: 'ignore' });
      const gone = new Promise((done) => up.on('exit', done));
      const begun = [join(dir, 'pid'), join(dir, 'log', 'kube-apiserver.log')];
      await eventually('it has begun', () => begun.every((path) => existsSync(path)));
      const running = processesOfBox();
      up.kill(signal);
      await gone;
      await eventually('nothing is left', () => isOver(running));
      assert.deepEqual(traces(), untouched);
    });
  }
});

describe('a machine that cannot', () => {
  const lines = ({ status, stderr }) => [status, stderr.trim().split('\n')];

  it('is told so in one line: not root', () => {
    const nobody = { uid: 65_534, gid: 65_534 };
    assert.deepEqual(lines(command('bash', [box, 'setup'], nobody)), [3, ['box: needs root']]);
    assert.deepEqual(lines(command('bash', [box, 'up', dir], nobody)), [3, ['box: needs root']]);
  });

  /** A PATH with these programs of the machine alone, and `more`, written here. */
  function path(names, more = {}) {
    const bin = mkdtempSync(join(work, 'bin-'));
    for (const name of names) {
      const at = must('sh', ['-c', `command -v ${name}`]).trim();
      writeFileSync(join(bin, name), `#!/bin/sh\nexec ${at} "$@"\n`, { mode: 0o755 });
    }
    for (const [name, script] of Object.entries(more))
      writeFileSync(join(bin, name), script, { mode: 0o755 });
    return bin;
  }

  it('is told so in one line: a tool is missing', () => {
    const env = {
      PATH: path(['bash', 'dirname', 'readlink', 'id', 'uname', 'realpath', 'sed', 'cc', 'node', 'dpkg']),
    };
    const [status, told] = lines(command(box, ['setup'], { env }));
    assert.deepEqual([status, told], [3, ['box: missing on this machine: apt-get flock setpriv']]);
  });

  it('is told which part could not be fetched, and the next setup tries again', () => {
    const fails = '#!/bin/sh\necho "no way to the mirror" >&2\nexit 100\n';
    const env = {
      ...process.env,
      PATH: `${path([], { 'apt-get': fails })}:${process.env.PATH}`,
      XDG_CACHE_HOME: join(work, 'cache'),
    };
    for (const time of ['first', 'second']) {
      const { status, stderr } = command(box, ['setup'], { env });
      assert.equal(status, 4, `the ${time} time: ${stderr}`);
      assert.match(stderr, /could not fetch or build: debian/);
    }
    rmSync(env.XDG_CACHE_HOME, { recursive: true });
  });

  it('has a setup wait for another one', async () => {
    const log = must(box, ['bin']).split('/tools-')[0];
    const holder = spawn('flock', [join(log, 'lock'), 'sh', '-c', 'echo held; read _'], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    await new Promise((done) => holder.stdout.once('data', done));
    const second = spawn(box, ['setup']);
    let said = '';
    second.stdout.on('data', (bytes) => (said += bytes));
    const gone = new Promise((done) => second.on('exit', done));
    await eventually('it says that it waits', () => said.includes('waiting for another setup'));
    assert.equal(second.exitCode, null);
    holder.stdin.end('\n');
    assert.equal(await gone, 0);
    assert.match(said, /ready after/);
  });
});
