// What only a cluster shows: the real image against a real Postgres, Kafka and Redis.
import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { jestCommand } from '../../../scripts/jest.mjs';
import { root, node24 } from '../../../scripts/node24.mjs';
import { judge, readCounts } from '../../../scripts/test/jest-tier.mjs';
import { summary } from '../../../scripts/test/outcome.mjs';
import { chart, template } from './chart.mjs';
import { reached } from './edges.mjs';
import { readLines } from './installation.mjs';
import { podReport } from './pods.mjs';
import { releases } from './images.mjs';
import { Failed } from './run.mjs';

/** Admission as strict as it gets: Helm itself lets unknown fields pass. */
export async function admitted(installation, env, from = chart, flags = []) {
  const text = await template(env, from, flags, installation.namespace);
  const command = ['kubectl', '--namespace', installation.namespace, 'create', '--dry-run=server', '-f', '-'];
  return installation.box.exec(command, { input: text });
}

/** Answers through the gateway's Service: a write, and its entry in the audit, which has passed every edge. */
export async function answers(installation) {
  const token = await installation.token();
  const said = await installation.box.exec(
    [node24(), join(import.meta.dirname, 'thin-request.mjs'), installation.url],
    { env: { ...process.env, TIDEMARK_OPERATOR_TOKEN: token } },
  );
  return said.trim();
}

/** End-to-end files of the other modes: those that ask every service. Load and races are theirs. */
export async function endToEnd(installation) {
  const results = join(mkdtempSync(join(installation.folder, 'e2e-')), 'results.json');
  const flags = [
    '--selectProjects',
    'e2e-distributed',
    '--maxWorkers',
    '1',
    '--json',
    `--outputFile=${results}`,
    '--testPathPatterns',
    'test/e2e/(thin-path|refusals|file-life|scenarios|secrets)',
  ];
  const env = {
    ...process.env,
    TIDEMARK_TEST_MODE: 'url',
    TIDEMARK_API_URL: installation.url,
    TIDEMARK_OPERATOR_TOKEN: await installation.token(),
  };
  const code = await new Promise((done, fail) => {
    const [binary, ...args] = installation.box.command([...jestCommand(), ...flags]);
    const child = spawn(binary, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] });
    child.on('error', fail);
    child.on('close', done);
  });
  return judge({ code, leaked: false }, readCounts(results));
}

/** People work while something happens; afterwards nothing that was acknowledged may be missing in the audit. */
export async function underLoad(installation, work) {
  const file = join(mkdtempSync(join(installation.folder, 'load-')), 'acknowledged');
  const [binary, ...args] = installation.box.command([
    node24(),
    join(import.meta.dirname, 'load.mjs'),
    installation.url,
    file,
  ]);
  const env = { ...process.env, TIDEMARK_OPERATOR_TOKEN: await installation.token() };
  const load = spawn(binary, args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
  let said = '';
  load.stdout.on('data', (chunk) => (said += chunk));
  const ended = new Promise((done) => load.on('close', done));
  try {
    await sleep(2_000);
    await work();
    // The old pods go only now, and on kept connections they may still be asked.
    await onlyReady(installation);
    await sleep(2_000);
  } finally {
    load.stdin.end();
    await ended;
  }
  const count = JSON.parse(said);
  if (count.failed > 0) throw new Error(`${count.failed} of ${count.requests} requests failed: ${said}`);
  const acknowledged = readLines(file);
  await audited(installation, acknowledged);
  return { requests: count.requests, acknowledged: acknowledged.length };
}

async function onlyReady(installation) {
  for (let tries = 0; tries < 120; tries++) {
    const { items } = await installation.get('pods', '--selector', 'app.kubernetes.io/instance=tidemark');
    if (!items.some(({ metadata }) => metadata.deletionTimestamp)) return;
    await sleep(1_000);
  }
  throw new Error(`old pods do not end\n${await installation.state()}`);
}

/** Each acknowledged change has exactly one entry with its request id. */
async function audited(installation, acknowledged) {
  if (acknowledged.length < 20) throw new Error(`only ${acknowledged.length} changes were acknowledged`);
  const file = join(mkdtempSync(join(installation.folder, 'audit-')), 'wanted');
  writeFileSync(file, acknowledged.join('\n'));
  const env = { ...process.env, TIDEMARK_OPERATOR_TOKEN: await installation.token() };
  await installation.box.exec([node24(), join(import.meta.dirname, 'audited.mjs'), installation.url, file], {
    env,
  });
}

async function everyPodIs(installation, tag) {
  const running = await installation.running();
  const others = running.filter((one) => one !== tag);
  if (others.length > 0 || running.length === 0)
    throw new Error(`runs ${running.join(', ')} and not ${tag} alone`);
  return `${running.length} pods`;
}

async function refusedUpgrade(installation) {
  try {
    await installation.upgrade(releases.broken, '120s', '--set', 'migrations.backoffLimit=0');
  } catch (error) {
    if (error instanceof Failed && /pre-upgrade hooks failed/.test(error.output)) return;
    throw error;
  }
  throw new Error('an upgrade whose migration cannot succeed went through');
}

async function edgesAreRight(installation, image) {
  const { reached: found, wanted } = await reached(installation, image);
  const wrong = Object.keys(wanted).filter((from) => found[from].join() !== wanted[from].join());
  if (wrong.length > 0)
    throw new Error(
      wrong.map((from) => `${from} reaches [${found[from]}] and should [${wanted[from]}]`).join('\n'),
    );
  const open = Object.values(wanted).flat().length;
  return `${open} open, ${Object.keys(wanted).length * 8 - open} closed`;
}

export async function liveChecks(report, installation) {
  const { box } = installation;
  await report.must('install', 'the chart, with --wait', async () => {
    try {
      await installation.install(releases.first);
    } catch (error) {
      throw new Error(`${error.message}\n${await installation.state()}`, { cause: error });
    }
  });
  let tests;
  await report.check('request', 'the end-to-end files through the Service of the gateway', async () => {
    tests = await endToEnd(installation);
    if (tests.failed > 0 || tests.passed === 0) throw new Error(summary(tests));
    return summary(tests);
  });
  for (const pod of await podReport(box, installation.namespace))
    report.say(
      `pod ${pod.name}: ready after ${pod.seconds} s, ${pod.megabytes} MB, ${pod.restarts} restarts`,
    );
  await report.check('network', 'each part reaches what it needs and nothing else', () =>
    edgesAreRight(installation, `tidemark:${releases.first}`),
  );
  await report.check(
    'upgrade',
    'to the next release under load: 0 requests failed, 0 entries missing',
    async () => {
      const { requests, acknowledged } = await underLoad(installation, () =>
        installation.upgrade(releases.next),
      );
      return `${requests} requests, ${acknowledged} changes, ${await everyPodIs(installation, releases.next)}`;
    },
  );
  await report.check(
    'upgrade',
    'a migration that fails stops the release, and the old version serves',
    async () => {
      const { requests } = await underLoad(installation, () => refusedUpgrade(installation));
      return `${requests} requests, ${await everyPodIs(installation, releases.next)}`;
    },
  );
  await report.check(
    'rollback',
    'to the first release under load: 0 requests failed, 0 entries missing',
    async () => {
      const { requests, acknowledged } = await underLoad(installation, () =>
        installation.release('rollback', 'tidemark', '1', '--wait', '--wait-for-jobs', '--timeout', '240s'),
      );
      return `${requests} requests, ${acknowledged} changes, ${await everyPodIs(installation, releases.first)}`;
    },
  );
  await report.check('uninstall', 'leaves nothing of the release but the keys of what is stored', () =>
    uninstalled(installation),
  );
}

export async function uninstalled(installation) {
  await installation.release('uninstall', 'tidemark', '--wait', '--timeout', '120s');
  const kinds = 'all,secrets,serviceaccounts,networkpolicies,poddisruptionbudgets,ingresses,configmaps';
  const { items } = await installation.get(kinds, '--selector', 'app.kubernetes.io/instance=tidemark');
  // A migration that failed stays for a day, for whoever wants to know why.
  const failed = ({ kind, metadata }) =>
    ['Job', 'Pod'].includes(kind) && metadata.labels['app.kubernetes.io/component'] === 'migrate';
  // What is stored can be read with its keys only: they stay on purpose.
  const kept = items.filter(({ kind, metadata }) => kind === 'Secret' && metadata.name === 'tidemark-keys');
  if (kept.length !== 1) throw new Error('the keys of what is stored are gone');
  const left = items.filter(
    (object) => !object.metadata.deletionTimestamp && !failed(object) && !kept.includes(object),
  );
  if (left.length > 0)
    throw new Error(left.map(({ kind, metadata }) => `${kind} ${metadata.name}`).join('\n'));
}
