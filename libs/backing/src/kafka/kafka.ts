import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { BackingErrorKind } from '../errors.js';
import { defaultCacheDir } from '../fetch/cache.js';
import { isRoot } from '../process/folders.js';
import { spawnGuarded } from '../process/guarded.js';
import { openLog } from '../process/log-file.js';
import { freePort, onPort } from '../process/ports.js';
import type { Env } from '../process/run.js';
import type { Running } from '../process/running.js';
import { inFolder, recordIn, startService } from '../process/service.js';
import { verdictOf } from '../process/verdict.js';
import { kafkaAnswers } from './ask-kafka.js';
import { type KafkaFiles, writeConfig } from './kafka-config.js';
import { kafkaClassPath } from './kafka-program.js';

export interface KafkaOptions {
  dataDir: string;
  cacheDir?: string;
  /** Without it a free one is found. */
  port?: number;
  /** The one address that it listens on and tells its clients; 127.0.0.1 unless said otherwise. */
  host?: string;
  /** Broker settings, for example `{ 'num.partitions': '4' }`. */
  settings?: Record<string, string>;
  log?: string;
  /** For KAFKA_HOME, if a Kafka is there already, and for java and mvn; without it, that of this process, but no KAFKA_HOME. */
  env?: Env;
}

interface Place {
  dataDir: string;
  data: string;
  classPath: string;
  log: string;
  host: string;
  settings: Record<string, string>;
  env: Env | undefined;
}

/** Starts one Kafka node; returns when consumer groups can be formed. */
export async function startKafka(options: KafkaOptions): Promise<Running> {
  const dataDir = resolve(options.dataDir);
  const classPath = await kafkaClassPath(options.cacheDir ?? defaultCacheDir({}, isRoot()), options.env);
  const log = resolve(options.log ?? join(dataDir, 'kafka.log'));
  const place = {
    dataDir,
    data: join(dataDir, 'data'),
    classPath,
    log,
    host: options.host ?? '127.0.0.1',
    settings: options.settings ?? {},
    env: options.env,
  };
  return inFolder(dataDir, async () => {
    if (!existsSync(place.data)) await format(place);
    return onPort(options.port, (port) => serve(place, port));
  });
}

/** Formats beside the place and renames: a format that is killed leaves nothing that looks like data. */
async function format({ dataDir, data, classPath, log, host, settings, env }: Place): Promise<void> {
  for (const old of readdirSync(dataDir)) {
    if (old.startsWith('data.new-')) rmSync(join(dataDir, old), { recursive: true, force: true });
  }
  const fresh = `${data}.new-${randomBytes(6).toString('hex')}`;
  const files = writeConfig(dataDir, { host, broker: 9092, controller: 9093 }, fresh, settings);
  const written = openLog(log);
  const cluster = randomBytes(16).toString('base64url');
  const { exited } = await spawnGuarded({
    name: 'kafka',
    command: java(classPath, files, [
      'kafka.tools.StorageTool',
      'format',
      `--cluster-id=${cluster}`,
      '-c',
      files.properties,
    ]),
    env,
    log,
    record: recordIn(dataDir),
    stopSignal: 'SIGTERM',
    graceMs: 2_000,
  });
  if ((await exited) !== 0) throw verdictOf('kafka', written.text(), kinds);
  renameSync(fresh, data);
}

async function serve(
  { dataDir, data, classPath, log, host, settings, env }: Place,
  port: number,
): Promise<Running> {
  const at = { host, broker: port, controller: await freePort([port]) };
  const files = writeConfig(dataDir, at, data, settings);
  return startService(dataDir, {
    name: 'kafka',
    command: java(classPath, files, ['kafka.Kafka', files.properties]),
    env,
    log,
    says: /Kafka Server started/,
    deadlineMs: 120_000,
    stopSignal: 'SIGTERM',
    graceMs: 15_000,
    url: `${host}:${port}`,
    answers: () => kafkaAnswers(port, host),
    verdict: (said) => verdictOf('kafka', said, kinds),
  });
}

// The quick compiler alone: a broker that lives for minutes starts with half the work (2.7 s of processor, not 4.5 s).
const heap = [
  '-Xms64m',
  '-Xmx256m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-Djava.awt.headless=true',
];

const java = (classPath: string, files: KafkaFiles, rest: string[]): ['java', ...string[]] => [
  'java',
  ...heap,
  `-Dlog4j2.configurationFile=${files.logging}`,
  ...['-cp', classPath],
  ...rest,
];

const kinds: readonly [RegExp, BackingErrorKind][] = [
  [/Failed to acquire lock on file/, 'taken'],
  [/CorruptRecord|is corrupt|InconsistentClusterId|meta\.properties/, 'damaged'],
];
