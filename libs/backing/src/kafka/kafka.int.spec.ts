import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ends, holder } from '../../test/processes.js';
import { freePort } from '../process/ports.js';
import type { Running } from '../process/running.js';
import { temporaryDir } from '../process/temporary-dir.js';
import { coordinatorHost, kafkaAnswers } from './ask-kafka.js';
import { startKafka } from './kafka.js';

jest.setTimeout(180_000); // a cold cache fetches 43 MB

let dir: string;
let running: Running;

beforeAll(async () => {
  dir = temporaryDir('kafka');
  running = await startKafka({ dataDir: dir, port: await freePort() });
});

afterAll(async () => {
  await running.stop();
  rmSync(dir, { recursive: true });
});

const port = (): number => Number(running.url.split(':')[1]);

// That a client can produce, form a group and consume is shown where the client lives, in libs/transport.
describe('Kafka', () => {
  it('finds a coordinator for consumer groups as soon as it has started', async () => {
    expect(await kafkaAnswers(port())).toBe(true);
  });

  it('comes back on the same folder and port after kill -9', async () => {
    running.kill('SIGKILL');
    expect(await running.exited).toBeNull();
    expect(await kafkaAnswers(port())).toBe(false);
    running = await startKafka({ dataDir: dir, port: port() });
    expect(await kafkaAnswers(port())).toBe(true);
  });

  it('refuses a second start on its folder, and a port that is taken', async () => {
    await expect(startKafka({ dataDir: dir })).rejects.toMatchObject({ kind: 'taken' });
    const other = temporaryDir('kafka');
    await expect(startKafka({ dataDir: other, port: port() })).rejects.toMatchObject({ kind: 'port-taken' });
    rmSync(other, { recursive: true });
  });

  it('listens on another address alone, and tells it to its clients', async () => {
    const other = temporaryDir('kafka');
    const elsewhere = await startKafka({ dataDir: other, host: '127.0.0.2' });
    const [host, at] = elsewhere.url.split(':');
    expect(await kafkaAnswers(Number(at))).toBe(false);
    expect(await coordinatorHost(Number(at), host)).toBe('127.0.0.2');
    await elsewhere.stop();
    rmSync(other, { recursive: true });
  });

  it('ends after kill -9 of the process that started it, which frees its folder at once', async () => {
    await running.stop();
    const { said, kill9 } = await holder('kafka', { dataDir: dir });
    await kill9();
    running = await startKafka({ dataDir: dir });
    expect(await ends(said.pid)).toBe(true);
  });
});
