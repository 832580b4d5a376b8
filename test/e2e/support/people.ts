import { randomBytes } from 'node:crypto';
import {
  Account,
  Device,
  Http,
  InsomniaDoor,
  MemoryStore,
  type DeviceFile,
  type Document,
  type Fetch,
  type Place,
  type Store,
} from '@tidemark/device';
import { openPrivateKey } from '@tidemark/e2ee';
import { plant } from './canaries.js';
import { product } from './product.js';

export interface DeviceSetting {
  readonly store?: Store;
  readonly fetch?: Fetch;
  readonly name?: string;
}

/** Somebody with an account, on as many devices as the limit allows. */
export interface Person {
  readonly url: string;
  readonly account: Account;
  readonly email: string;
  readonly passphrase: string;
  readonly recoveryCode: string;
  /** Their own organization and its default project. */
  readonly place: Place;
  device(setting?: DeviceSetting): Promise<Device>;
  /** The door itself, for what a device would not do. */
  door(device: Device, fetch?: Fetch): InsomniaDoor;
}

const unique = (): string => randomBytes(12).toString('hex');

export async function person(firstName = 'Ada'): Promise<Person> {
  const { url } = await product();
  const mark = unique();
  const [email, passphrase] = [`${mark}@example.test`, `correct horse ${mark}`];
  plant('personal', email);
  plant('secret', passphrase);
  const lastName = `Lovelace-${mark}`;
  plant('personal', lastName);
  const { account, recoveryCode } = await Account.signUp({ url }, { email, passphrase, firstName, lastName });
  plant('secret', recoveryCode, account.symmetricKey.k);
  const privateKey = await openPrivateKey(account.view.encPrivateKey, account.symmetricKey);
  plant('secret', privateKey.d);
  const org = account.view.personalOrg;
  return {
    url,
    account,
    email,
    passphrase,
    recoveryCode,
    place: { org, project: `proj_${org}` },
    async device({ store = new MemoryStore(), fetch, name = `device ${unique()}` } = {}) {
      const device = await Device.open({ url, store, name, ...(fetch ? { fetch } : {}) });
      const session = await account.startAppSession({ device: name });
      plant('secret', session.id);
      await device.signInWith(session);
      return device;
    },
    door: (device, fetch) =>
      new InsomniaDoor(new Http(url, fetch), {
        client: 'production::linux::10.1.1',
        token: () => device.session?.id,
        ended: () => undefined,
      }),
  };
}

/** A request whose content is searched for wherever it must not be. */
export function request(n: number, name: string, parent: string, more: object = {}): Document {
  const marker = `marker-${unique()}`;
  plant('document', marker);
  return {
    _id: `req_${String(n).padStart(32, '0')}`,
    type: 'Request',
    parentId: parent,
    created: 1_730_000_000_000 + n,
    name,
    method: 'GET',
    url: `https://example.test/${marker}`,
    headers: [{ name: 'x-marker', value: marker }],
    body: {},
    parameters: [],
    ...more,
  };
}

export const rootOf = async (file: DeviceFile): Promise<string> => (await file.record()).root;

/** Names of the documents of a file, sorted. */
export const names = async (file: DeviceFile): Promise<string[]> =>
  (await file.documents()).map((document) => String(document['name'])).sort();

/** Documents in one order, for comparing devices. */
export const contents = async (file: DeviceFile): Promise<Document[]> =>
  (await file.documents()).sort((one, other) => (one._id < other._id ? -1 : 1));

/** A file with one request that the first device has pushed and the others have pulled. */
export async function shared(
  { place }: Person,
  name: string,
  ...devices: readonly Device[]
): Promise<DeviceFile[]> {
  const [first, ...others] = devices;
  const file = await first!.createFile({ ...place, name });
  await file.put(request(1, 'First', await rootOf(file)));
  await file.commit('A request');
  await file.push();
  for (const device of others) await device.restoreProject(place);
  return devices.map((device) => device.file(file.id));
}
