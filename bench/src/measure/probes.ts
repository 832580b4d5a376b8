import { createHash, randomBytes } from 'node:crypto';
import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { once } from 'node:events';
import type { Probes } from './drift.js';
import { median } from './statistics.js';

const WINDOWS = 5;
const WINDOW_MS = 120;

/** `folder` is on the disk that the database writes to. */
export async function probe(folder: string): Promise<Probes> {
  return { fsyncs: await fsyncs(folder), pings: await pings(), sha256Megabytes: await sha256Megabytes() };
}

/** The median of several short windows: somebody else's burst spoils one of them. */
async function rate(work: () => void | Promise<void>): Promise<number> {
  const rates: number[] = [];
  for (let window = 0; window < WINDOWS; window++) {
    const began = performance.now();
    let count = 0;
    for (; performance.now() - began < WINDOW_MS; count++) await work();
    rates.push((count * 1_000) / (performance.now() - began));
  }
  return median(rates);
}

async function fsyncs(folder: string): Promise<number> {
  const file = join(folder, `probe-${process.pid}`);
  const block = randomBytes(8_192);
  const handle = openSync(file, 'w');
  try {
    return await rate(() => {
      writeSync(handle, block, 0, block.length, 0);
      fdatasyncSync(handle);
    });
  } finally {
    closeSync(handle);
    rmSync(file);
  }
}

async function pings(): Promise<number> {
  const server = createServer((socket) => socket.setNoDelay(true).pipe(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket: Socket = connect((server.address() as AddressInfo).port, '127.0.0.1').setNoDelay(true);
  try {
    return await rate(async () => {
      socket.write('.');
      await once(socket, 'data');
    });
  } finally {
    socket.destroy();
    server.close();
  }
}

async function sha256Megabytes(): Promise<number> {
  const megabyte = randomBytes(1_000_000);
  return rate(() => void createHash('sha256').update(megabyte).digest());
}
