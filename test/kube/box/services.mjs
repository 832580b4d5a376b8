// node services.mjs start DIR [DATABASE…]: real Postgres, Kafka and Redis inside the box of DIR, on the address where its pods reach
//   them; prints where they are as JSON when all three answer. They live until `stop`, or until the box ends. Each DATABASE
//   is one more beside `tidemark`, with the same owner. Every start begins with empty ones.
// node services.mjs stop DIR
//
// They are child processes (libs/backing) of this file's own `run`, which `start` runs inside the box.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { node24 } from '../../../scripts/node24.mjs';
import { prepare } from '../../../scripts/prepare.mjs';

const host = '10.88.0.2';
const pods = '10.244.0.0/16';
const ports = { postgres: 5432, kafka: 9092, redis: 6379 };

const box = join(import.meta.dirname, 'box');
const self = fileURLToPath(import.meta.url);

const inside = '/run/tidemark-services'; // DIR/state/services, under a path that the account of Postgres may enter
const described = 'services.json';

const password = () => randomBytes(18).toString('base64url');

// ---- inside

async function postgres({ startPostgres }, databases) {
  const { default: pg } = await import('pg');
  const rules = join(inside, 'pg_hba.conf');
  const anyone = ['127.0.0.1/32', `${host}/32`, pods].map((from) => `host all all ${from} scram-sha-256\n`);
  writeFileSync(rules, anyone.join(''));
  const running = await startPostgres({
    dataDir: join(inside, 'postgres'),
    port: ports.postgres,
    settings: { listen_addresses: `127.0.0.1,${host}`, hba_file: rules, fsync: 'off' },
    log: join(inside, 'postgres.log'),
  });
  const superuser = new URL(running.url);
  superuser.hostname = host;
  const owner = new URL(superuser);
  owner.username = 'tidemark';
  owner.password = password();
  const client = new pg.Client({ connectionString: superuser.href });
  await client.connect();
  const made = [
    `create role tidemark login createrole createdb password '${owner.password}'`,
    'alter database tidemark owner to tidemark',
    'alter schema public owner to tidemark',
    ...databases.map((name) => `create database ${pg.escapeIdentifier(name)} owner tidemark`),
  ];
  for (const statement of made) await client.query(statement);
  await client.end();
  return { running, says: { databaseUrl: owner.href, superuserUrl: superuser.href } };
}

async function kafka({ startKafka }) {
  const running = await startKafka({
    dataDir: join(inside, 'kafka'),
    host,
    port: ports.kafka,
    log: join(inside, 'kafka.log'),
    env: process.env,
  });
  return { running, says: { kafkaBrokers: running.url } };
}

async function redis({ startRedis }) {
  // Without a password it refuses whoever does not come from 127.0.0.1.
  const running = await startRedis({
    dataDir: join(inside, 'redis'),
    port: ports.redis,
    settings: { bind: '0.0.0.0' },
    log: join(inside, 'redis.log'),
    env: process.env,
  });
  const secret = password();
  await tellRedis(`CONFIG SET requirepass ${secret}`);
  return { running, says: { redisUrl: `redis://:${secret}@${host}:${ports.redis}` } };
}

function tellRedis(command) {
  return new Promise((done, fail) => {
    const socket = connect(ports.redis, '127.0.0.1', () => socket.write(`${command}\r\n`));
    socket.on('error', fail);
    socket.on('data', (answer) => {
      socket.destroy();
      if (String(answer) === '+OK\r\n') done();
      else fail(new Error(`redis says ${answer}`));
    });
  });
}

async function run(databases) {
  const told = new Promise((done) => {
    for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, done);
  });
  for (const name of ['postgres', 'kafka', 'redis'])
    rmSync(join(inside, name), { recursive: true, force: true });
  const backing = await import('@tidemark/backing');
  const started = await Promise.allSettled([postgres(backing, databases), kafka(backing), redis(backing)]);
  const good = started.filter(({ status }) => status === 'fulfilled').map(({ value }) => value);
  const bad = started.find(({ status }) => status === 'rejected');
  const file = join(inside, described);
  if (!bad) {
    const description = Object.assign({ host, pid: process.pid }, ...good.map(({ says }) => says));
    writeFileSync(`${file}.new`, JSON.stringify(description), { mode: 0o600 });
    renameSync(`${file}.new`, file);
    await Promise.race([told, ...good.map(({ running }) => running.exited)]);
  }
  await Promise.all(good.map(({ running }) => running.stop()));
  rmSync(file, { force: true });
  if (bad) throw bad.reason;
}

// ---- outside

const placeOf = (dir) => join(resolve(dir), 'state', 'services');

const logOf = (dir) => join(resolve(dir), 'log', 'services.log');

/** Where the services of this box are; undefined when they are not up. */
export function servicesOf(dir) {
  const file = join(placeOf(dir), described);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

export async function startServices(dir, databases = []) {
  if (!existsSync(placeOf(dir))) throw new Error(`no box is up in ${resolve(dir)}`);
  if (servicesOf(dir)) throw new Error(`the services of ${resolve(dir)} are up already`);
  await prepare();
  const log = openSync(logOf(dir), 'w');
  const child = spawn(box, ['exec', dir, node24(), self, 'run', ...databases], {
    detached: true,
    stdio: ['ignore', log, log],
  });
  child.unref();
  const began = performance.now();
  while (!servicesOf(dir)) {
    if (child.exitCode !== null || child.signalCode) throw new Error(readFileSync(logOf(dir), 'utf8').trim());
    if (performance.now() - began > 10 * 60_000) {
      child.kill();
      throw new Error(`not up after 10 minutes; see ${logOf(dir)}`);
    }
    await sleep(100);
  }
  return servicesOf(dir);
}

export async function stopServices(dir) {
  const up = servicesOf(dir);
  if (!up) return;
  const asked = spawnSync(box, ['exec', dir, 'sh', '-c', `kill ${up.pid}`]);
  if (asked.status !== 0) rmSync(join(placeOf(dir), described), { force: true }); // they had ended, or the box has
  while (servicesOf(dir)) await sleep(100);
}

const commands = {
  start: async (dir, ...databases) => console.log(JSON.stringify(await startServices(dir, databases))),
  stop: stopServices,
  run: (...databases) => run(databases),
};

if (process.argv[1] && resolve(process.argv[1]) === self) {
  const [command, ...args] = process.argv.slice(2);
  if (!commands[command] || (command !== 'run' && args.length === 0)) {
    console.error('services.mjs start DIR [DATABASE…] | stop DIR');
    process.exit(2);
  }
  try {
    await commands[command](...args);
  } catch (error) {
    console.error(`services: ${error.message}`);
    process.exit(1); // whatever a failed start has left open
  }
}
