import type { ActorContext, AuditEntry } from '@tidemark/contracts';
import type { Reader } from '../audit-stream/reader.js';
import { organizationChanged } from './app-events.js';
import type { AppReader } from './app-reader.js';

/** Listens in another organization of the same account, because its name stands in the app's list whatever it looks at. */
export class Echo implements Reader {
  #isOver = false;

  constructor(
    readonly actor: ActorContext,
    private readonly org: string,
    private readonly to: AppReader,
    public cursor: number,
  ) {}

  get closed(): boolean {
    return this.#isOver || this.to.closed;
  }

  /** The stream that it belongs to knows where its session belongs. */
  async recheck(): Promise<void> {
    if (this.to.organizations?.includes(this.org) === false) this.close();
  }

  tell({ seq, action }: AuditEntry): void {
    if (seq <= this.cursor) return;
    this.cursor = seq;
    if (!this.closed && action === 'organization.renamed') this.to.send(organizationChanged(this.org));
  }

  beat(): void {}

  close(): void {
    this.#isOver = true;
  }
}
