import { Account, Http, InsomniaDoor, operations, type RemoteBlob } from '@tidemark/device';
import { newSymmetricKey, wrapFileKey, type SymmetricKey } from '@tidemark/e2ee';
import type { Random } from '@tidemark/testing';

/** A file of this run, with the key that its documents are sealed with. */
export interface PushedFile {
  readonly id: string;
  readonly root: string;
  readonly key: SymmetricKey;
}

/** Short: a call during a kill is given up, and what it did is unknown. */
const PATIENCE_MS = 8_000;

/** Signed in as an app, at the door of the desktop app. */
export class PushSession {
  private constructor(
    readonly door: InsomniaDoor,
    readonly account: string,
    readonly token: string,
    private readonly publicKey: string,
    private readonly org: string,
    private readonly project: string,
  ) {}

  static async open(api: string, name: string): Promise<PushSession> {
    const email = `${name}@example.org`;
    const { account } = await Account.signUp(
      { url: api },
      { email, passphrase: `the passphrase of ${name}` },
    );
    const { id: token } = await account.startAppSession({ device: name });
    const door = new InsomniaDoor(new Http(api, undefined, PATIENCE_MS), {
      client: 'production::linux::10.1.1',
      token: () => token,
      ended: () => undefined,
    });
    const { personalOrg, publicKey, id } = account.view;
    const [project] = await door.teamProjects(personalOrg);
    return new PushSession(door, id, token, publicKey, personalOrg, project!.id);
  }

  async makeFile(random: Random): Promise<PushedFile> {
    const file = { id: `prj_${hex(random, 32)}`, root: `wrk_${hex(random, 32)}`, key: newSymmetricKey() };
    const teamKeys = [
      {
        accountId: this.account,
        encSymmetricKey: await wrapFileKey(file.key, this.publicKey),
        autoLinked: false,
      },
    ];
    await this.door.query(operations.createProject, {
      name: 'Under kills',
      id: file.id,
      rootDocumentId: file.root,
      teamId: this.org,
      teamProjectId: this.project,
      teamKeys,
    });
    return file;
  }

  head(file: string, branch: string): Promise<readonly string[]> {
    return this.door
      .query(operations.branch, { projectId: file, branch })
      .then((found) => found?.snapshots ?? []);
  }

  async upload(file: string, blobs: readonly RemoteBlob[]): Promise<void> {
    await this.door.query(operations.blobsCreate, { projectId: file, blobs });
  }
}

export const hex = (random: Random, length: number): string =>
  Array.from({ length }, () => random.below(16).toString(16)).join('');
