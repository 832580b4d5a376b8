import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderWith } from './folder-with.js';
import { productEnvironment, Program, until } from './program.js';

const root = join(import.meta.dirname, '..', '..', '..');

export type Part =
  'gateway' | 'orgs' | 'branches' | 'snapshots' | 'audit' | 'kafka' | 'postgres' | 'redis' | 'gcs';

const SERVICE_LINE = /^tidemark service name=(\w+) replica=(\d+) pid=(\d+) health=(\S+)$/;

/** All services as processes of their own, over a real Kafka, Redis and Postgres, as `npm run start:distributed` runs them. */
export class Distributed {
  private constructor(
    private readonly program: Program,
    readonly dataDir: string,
    readonly api: string,
    readonly token: string,
  ) {}

  static async start(dataDir: string, env: Record<string, string> = {}): Promise<Distributed> {
    const program = new Program(process.execPath, [join(root, 'apps', 'launcher', 'dist', 'main.js')], {
      ...productEnvironment(),
      TIDEMARK_DATA_DIR: dataDir,
      TIDEMARK_PORT: '0',
      TIDEMARK_KAFKA_SESSION_MS: '10000',
      TIDEMARK_STALL_SECONDS: '5',
      ...env,
    });
    try {
      const [, api] = await program.line(/^tidemark ready mode=distributed api=(\S+)/, 120_000);
      return new Distributed(
        program,
        dataDir,
        api!,
        readFileSync(join(dataDir, 'operator-token'), 'utf8').trim(),
      );
    } catch (error) {
      await program.stop();
      throw error;
    }
  }

  get cluster(): string {
    return folderWith(this.dataDir, 'PG_VERSION');
  }

  /** Where the broker keeps its topics. */
  get kafkaData(): string {
    return folderWith(this.dataDir, 'meta.properties');
  }

  /** Pids that the part has had, the present one last. */
  pids(part: Part): number[] {
    const fields = this.program.stdout.map((line) => SERVICE_LINE.exec(line) ?? []);
    return fields.filter(([, name]) => name === part).map(([, , , pid]) => Number(pid));
  }

  /** Ends a part as a power cut would. It is the launcher's work to bring it back. */
  kill(part: Part): { returned: () => Promise<void> } {
    const before = this.pids(part);
    const pid = before.at(-1);
    if (pid === undefined) throw new Error(`no line told the pid of ${part}`);
    process.kill(pid, 'SIGKILL');
    const back = () => this.pids(part).length > before.length;
    return { returned: () => until(`${part} to come back`, 90_000, back).then(() => undefined) };
  }

  words(): string {
    return this.program.words();
  }

  async stop(): Promise<void> {
    const { code } = await this.program.stop(60_000);
    if (code !== 0) throw new Error(`the launcher ended with ${code}: ${this.words()}`);
  }
}
