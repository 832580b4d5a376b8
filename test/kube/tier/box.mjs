// A cluster of this tier: test/kube/box, with the two commands that everything here is made of.
import { join } from 'node:path';
import { servicesOf, startServices } from '../box/services.mjs';
import { run } from './run.mjs';

const program = join(import.meta.dirname, '..', 'box', 'box');

/** Fetches and builds what the cache does not have. The reason when this machine cannot run a cluster. */
export async function setup() {
  try {
    await run([program, 'setup'], { aloud: true });
    return undefined;
  } catch (error) {
    if (error.code !== 3) throw error;
    return error.output
      .trim()
      .split('\n')
      .at(-1)
      .replace(/^box: /, '');
  }
}

export const toolPath = async () => (await run([program, 'bin'])).trim();

export const writeSchemas = (folder) => run([program, 'schemas', folder]);

export class Box {
  constructor(folder) {
    this.folder = folder;
  }

  up() {
    return run([program, 'up', this.folder, String(process.pid)]);
  }

  down() {
    return run([program, 'down', this.folder]);
  }

  load(image) {
    return run([program, 'load', this.folder, image]);
  }

  command(command) {
    return [program, 'exec', this.folder, ...command];
  }

  exec(command, options) {
    return run(this.command(command), options);
  }

  kubectl(namespace, ...args) {
    return this.exec(['kubectl', '--namespace', namespace, ...args]);
  }

  async get(namespace, ...what) {
    return JSON.parse(await this.kubectl(namespace, 'get', ...what, '--output', 'json'));
  }

  /** Real Postgres, Kafka and Redis; where they are. */
  async services() {
    return servicesOf(this.folder) ?? (await startServices(this.folder));
  }
}
