import { openPrivateKey, type AppSession, type PrivateKey } from '@tidemark/e2ee';
import { Account } from '../account/account.js';
import { Http, type Fetch } from '../doors/http.js';
import { InsomniaDoor, type Organization, type TeamProject } from '../doors/insomnia-door.js';
import { operations, type ListedFile } from '../doors/operations.js';
import type { Choice } from '../model/merge.js';
import { asDeviceError, DeviceError } from '../state/device-error.js';
import { StateKeeper } from '../state/state-keeper.js';
import type { SyncState } from '../state/sync-state.js';
import { sessionShelf, Shelf } from '../store/shelf.js';
import type { Store } from '../store/store.js';
import type { Context } from './context.js';
import { DeviceFile, type Pulled } from './device-file.js';
import { firstPull } from './first-pull.js';
import { Follower, type FollowOptions } from './follower.js';
import { Locks } from './locks.js';
import { emptyRecord, newFile, type NewFile, type Place } from './new-file.js';
import { importPad, ScratchPad, type Imported } from './scratch-pad.js';
import { unpushedWork, type Unpushed } from './unpushed.js';

export interface DeviceOptions {
  /** Of the API, without a slash at its end. */
  readonly url: string;
  /** Where people sign in; the API's own address unless it says otherwise. */
  readonly websiteUrl?: string;
  readonly store: Store;
  /** As it stands in the list of sessions. */
  readonly name: string;
  readonly version?: string;
  readonly fetch?: Fetch;
  readonly now?: () => Date;
}

export interface SignIn {
  readonly email: string;
  readonly passphrase: string;
  /** Session of another device to end, when there are too many. */
  readonly end?: string;
}

export interface SignedOut {
  /** False: there is unpushed work, and nothing has been done. */
  readonly done: boolean;
  readonly unpushed: readonly Unpushed[];
}

/** A device without a screen: it signs in, keeps a local store, commits, pushes, pulls and merges. */
export class Device {
  readonly scratchPad: ScratchPad;
  readonly #states: StateKeeper;
  readonly #locks = new Locks();
  readonly #sessions;
  readonly #http: Http;
  #session: AppSession | undefined;
  #context: Context | undefined;

  private constructor(private readonly options: DeviceOptions) {
    this.#states = new StateKeeper(this.#now);
    this.#sessions = sessionShelf(options.store);
    this.#http = new Http(options.url, options.fetch);
    this.scratchPad = new ScratchPad(options.store);
  }

  /** A device as it was left. Nothing is asked of the server. */
  static async open(options: DeviceOptions): Promise<Device> {
    const device = new Device(options);
    const session = await device.#sessions.read();
    if (session) await device.#begin(session);
    return device;
  }

  get state(): SyncState {
    return this.#states.whole;
  }

  /** Called at once and with each change; the returned function ends it. */
  onState(listener: (state: SyncState) => void): () => void {
    return this.#states.listen(listener);
  }

  get account(): string | undefined {
    return this.#session?.accountId;
  }

  get session(): AppSession | undefined {
    return this.#session;
  }

  /** Signs in with the passphrase as the website does, and brings back what the account has. */
  async signIn({ email, passphrase, end }: SignIn): Promise<void> {
    if (this.#session) throw new DeviceError('CONFLICT', 'Somebody is signed in on this device already.');
    this.#states.device({ signedIn: true, connecting: true, problem: undefined });
    try {
      const account = await Account.signIn(this.#website(), email, passphrase);
      const session = await account.startAppSession({
        device: this.options.name,
        appVersion: this.options.version ?? '',
        ...(end === undefined ? {} : { end }),
      });
      await account.signOut();
      await this.signInWith(session);
    } catch (error) {
      if (!this.#session) this.#states.device({ signedIn: false, connecting: false });
      throw this.#states.failed(error);
    }
    await this.restore();
  }

  /** With a finished session, as INSOMNIA_SESSION holds one. Brings nothing back by itself. */
  async signInWith(session: AppSession): Promise<void> {
    if (this.#session && this.#session.accountId !== session.accountId)
      throw new DeviceError('CONFLICT', 'Another account is signed in on this device. Sign it out first.');
    await this.#sessions.keep(session);
    await this.#begin(session);
  }

  /** What would be lost with this device. */
  unpushed(): Promise<Unpushed[]> {
    return unpushedWork(this.#need());
  }

  /**
   * Removes everything synced from this device and ends its session. Where work would be lost it only lists that work,
   * until told to discard it. The scratch pad stays: it belongs to nobody.
   */
  async signOut({ discard = false }: { discard?: boolean } = {}): Promise<SignedOut> {
    const context = this.#need();
    const session = this.#session;
    // No work begins from here on and what runs may end: nothing is written after it was looked at, or removed.
    this.#context = undefined;
    await this.#locks.idle();
    const unpushed = await unpushedWork(context);
    if (unpushed.length > 0 && !discard) {
      if (this.#session === session) this.#context = context;
      return { done: false, unpushed };
    }
    // The session may be over, or the server away: neither keeps anybody from leaving.
    await context.door.logOut().catch(() => undefined);
    this.#session = undefined;
    await context.shelf.forgetAll();
    await this.#sessions.forget();
    this.#states.forgetAll();
    const nobody = { signedIn: false, connected: undefined, problem: undefined, endedBecause: undefined };
    this.#states.device(nobody);
    return { done: true, unpushed };
  }

  organizations(): Promise<Organization[]> {
    return this.#asked(({ door }) => door.organizations());
  }

  teamProjects(org: string): Promise<TeamProject[]> {
    return this.#asked(({ door }) => door.teamProjects(org));
  }

  createTeamProject(org: string, name: string): Promise<TeamProject> {
    return this.#asked(({ door }) => door.createTeamProject(org, name));
  }

  /** What the server has in a project. */
  listed({ org, project }: Place): Promise<ListedFile[]> {
    return this.#asked(({ door }) =>
      door.query(operations.projects, { teamId: org, teamProjectId: project }),
    );
  }

  /** The organization and project in which a person lands. */
  async home(): Promise<Place> {
    const organizations = await this.organizations();
    const own = organizations.find(
      ({ metadata }) => metadata.organizationType === 'personal' && metadata.ownerAccountId === this.account,
    );
    if (!own) throw new DeviceError('NOT_FOUND', 'This account has no organization of its own.');
    const projects = await this.teamProjects(own.id);
    const first = projects.find(({ id }) => id.startsWith('proj_org') || id.startsWith('proj_team'));
    const project = (first ?? projects[0])?.id;
    if (project === undefined) throw new DeviceError('NOT_FOUND', 'This organization has no project.');
    return { org: own.id, project };
  }

  file(id: string): DeviceFile {
    return new DeviceFile(id, () => this.#need(), this.#states, this.#locks);
  }

  /** Files that are on this device. */
  async files(): Promise<DeviceFile[]> {
    return (await this.#need().shelf.records()).map(({ id }) => this.file(id));
  }

  /** A new file with its workspace and a first commit. Nothing is sent before `push`. */
  async createFile(file: NewFile): Promise<DeviceFile> {
    const context = this.#need();
    const record = await newFile(context, file);
    this.#states.file(record.id, { unpushed: 1 });
    await context.shelf.save(record);
    return this.file(record.id);
  }

  /** Brings everything that the account can reach and this device lacks, and the newest of what it has. */
  async restore(): Promise<void> {
    const here = (await this.#need().shelf.records()).map(({ id }) => id);
    this.#states.keepOnly(here);
    for (const { id: org } of await this.organizations())
      for (const { id: project } of await this.teamProjects(org)) await this.restoreProject({ org, project });
  }

  /** One file that cannot be had keeps no other from coming; its state says why. */
  async restoreProject(place: Place): Promise<void> {
    for (const listed of await this.listed(place))
      await this.pullListed(place, listed).catch((error: unknown) => {
        const { code } = asDeviceError(error);
        if (code === 'NOT_CONNECTED' || code === 'UNAUTHORIZED' || code === 'NOT_SIGNED_IN') throw error;
      });
  }

  /** The first pull of a listed file, or one more. A file without `master` has nothing to pull yet. */
  async pullListed(place: Place, listed: ListedFile): Promise<Pulled | undefined> {
    const { id } = listed;
    if (await this.#need().shelf.record(id)) return this.file(id).pull();
    return this.#locks.run(id, async () => {
      this.#states.file(id, { doing: 'pulling', problem: undefined });
      try {
        const pulled = await firstPull(this.#need(), place, listed);
        this.#states.reached();
        if (pulled) this.#states.file(id, { comparedAt: this.#now().toISOString() });
        else this.#states.forget(id);
        return pulled;
      } catch (error) {
        throw this.#states.failed(error, id);
      } finally {
        this.#states.done(id);
      }
    });
  }

  /** Follows the stream of an organization, and asks again from time to time. */
  follow(org: string, options: FollowOptions = {}): Follower {
    return new Follower(this, () => this.#need().door, this.#states, org, options);
  }

  /** Takes the scratch pad into a file of its own; again, only what is new in it. */
  async importScratchPad(place: Place, choices: readonly Choice[] = []): Promise<Imported> {
    const id = await this.scratchPad.fileIn(place.org);
    const root = await this.scratchPad.root();
    if (!(await this.#need().shelf.record(id))) {
      const there = (await this.listed(place)).find((listed) => listed.id === id);
      if (there) await this.pullListed(place, there);
    }
    return this.#locks.run(id, async () => {
      const context = this.#need();
      const record = (await context.shelf.record(id)) ?? emptyRecord(place, id, root, 'Scratch Pad');
      const taken = await importPad(context, this.scratchPad, record, choices);
      if (taken.imported.conflicts.length > 0) return taken.imported;
      await context.shelf.save(taken.record);
      await this.scratchPad.rememberImport(id, taken.base);
      await this.file(id).count(context);
      return taken.imported;
    });
  }

  async #begin(session: AppSession): Promise<void> {
    this.#session = session;
    const shelf = new Shelf(this.options.store, session.accountId);
    const door = new InsomniaDoor(this.#http, {
      client: `production::${process.platform}::${this.options.version ?? '0.1.0'}`,
      token: () => session.id,
      ended: (message) => void this.#ended(session, message),
    });
    let key: Promise<PrivateKey> | undefined;
    const privateKey = () =>
      (key ??= openPrivateKey(JSON.stringify(session.encPrivateKey), session.symmetricKey));
    this.#context = { account: session.accountId, shelf, door, privateKey, now: this.#now };
    this.#states.device({ signedIn: true, connecting: false, endedBecause: undefined, problem: undefined });
    for (const { id } of await shelf.records()) await this.file(id).count();
  }

  /** The server has ended the session. The work stays here for when the same account signs in again. */
  async #ended(session: AppSession, message: string): Promise<void> {
    if (this.#session !== session) return;
    this.#session = undefined;
    this.#context = undefined;
    this.#states.device({ signedIn: false, endedBecause: message });
    await this.#sessions.forget();
  }

  async #asked<T>(ask: (context: Context) => Promise<T>): Promise<T> {
    try {
      const answer = await ask(this.#need());
      this.#states.reached();
      this.#states.device({ problem: undefined });
      return answer;
    } catch (error) {
      throw this.#states.failed(error);
    }
  }

  #website() {
    const { websiteUrl, url, fetch } = this.options;
    return { url: websiteUrl ?? url, ...(fetch ? { fetch } : {}) };
  }

  #need(): Context {
    if (!this.#context) throw new DeviceError('NOT_SIGNED_IN', 'Nobody is signed in on this device.');
    return this.#context;
  }

  readonly #now = (): Date => (this.options.now ?? (() => new Date()))();
}
