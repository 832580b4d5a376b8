import type { AppSession } from '@tidemark/e2ee';
import { Device } from '../src/device/device.js';
import type { DeviceFile } from '../src/device/device-file.js';
import type { Document } from '../src/model/types.js';
import { MemoryStore } from '../src/store/memory-store.js';
import type { Store } from '../src/store/store.js';
import { ModelServer } from './model-server.js';
import { vectorsText } from './vectors.js';

const { insomniaSessionEnv } = JSON.parse(vectorsText) as { insomniaSessionEnv: { json: AppSession } };
const ada = insomniaSessionEnv.json;

/** The two people of the vectors, each on as many devices as a test wants. */
export class Devices {
  readonly server = new ModelServer([
    ...['ada-1', 'ada-2', 'ada-3'].map((token) => ({
      account: ada.accountId,
      token,
      publicKey: JSON.stringify(ada.publicKey),
    })),
  ]);
  #clock = Date.parse('2026-01-01T00:00:00.000Z');
  #next = 0;

  async device(store: Store = new MemoryStore(), name = `ada-${++this.#next}`): Promise<Device> {
    const device = await this.open(store, name);
    await device.signInWith({ ...ada, id: name });
    return device;
  }

  open(store: Store, name: string): Promise<Device> {
    return Device.open({
      url: 'http://model.test',
      store,
      name,
      fetch: this.server.fetch,
      now: () => new Date((this.#clock += 1_000)),
    });
  }

  readonly session = ada;

  get place() {
    return { org: this.server.org, project: this.server.project };
  }

  /** A file with one request that all these devices have. */
  async shared(...devices: readonly Device[]): Promise<DeviceFile[]> {
    const [first, ...others] = devices;
    const file = await first!.createFile({ ...this.place, name: 'Shared' });
    await file.put(request(1, 'First'));
    await file.commit('A request');
    await file.push();
    for (const device of others) await device.restore();
    return devices.map((device) => device.file(file.id));
  }
}

export const request = (n: number, name: string, more: object = {}): Document => ({
  _id: `req_${String(n).padStart(32, '0')}`,
  type: 'Request',
  parentId: 'wrk_1',
  created: 1,
  name,
  url: `https://example.test/${name}`,
  ...more,
});

/** Names of the documents of a file, sorted. */
export const names = async (file: DeviceFile): Promise<string[]> =>
  (await file.documents()).map((document) => String(document['name'])).sort();
