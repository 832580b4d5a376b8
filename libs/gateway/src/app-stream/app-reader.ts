import type { ServerResponse } from 'node:http';
import type { ActorContext, AuditEntry } from '@tidemark/contracts';
import { Outlet } from '../audit-stream/outlet.js';
import type { Reader } from '../audit-stream/reader.js';
import { appEventOf, type AppEvent } from './app-events.js';

/** A dropped connection is noticed late: what was written this long before counts as not received. */
const UNSURE_MS = 30_000;

/** One open stream of a desktop app. It knows how far its app has certainly got. */
export class AppReader extends Outlet implements Reader {
  /** Those of the session when it was last asked about. */
  organizations: readonly string[] | undefined;
  /** Written a short while ago, in order. */
  #unsure: { readonly seq: number; readonly at: number }[] = [];
  /** Written, but still in this process. */
  readonly #unsent: number[] = [];

  constructor(
    readonly actor: ActorContext,
    response: ServerResponse,
    readonly org: string,
    public cursor: number,
    readonly recheck: () => Promise<void>,
    private readonly now: () => number = () => performance.now(),
  ) {
    super(response);
  }

  tell(entry: AuditEntry): void {
    if (entry.seq <= this.cursor || this.closed) return;
    this.cursor = entry.seq;
    const event = appEventOf(this.org, entry);
    if (event) this.send(event);
    this.dropIfBehind();
  }

  /** No name and no id: the app reads plain messages and asks for nothing that it missed. */
  send(event: AppEvent): void {
    this.#unsure.push({ seq: this.cursor, at: this.now() });
    this.#unsent.push(this.cursor);
    this.write(`data: ${JSON.stringify(event)}\n\n`, () => this.#unsent.shift());
  }

  /** Where the app is known to be while the stream still seems to be open. */
  settled(): number {
    this.#unsure = this.#unsure.filter(({ at }) => this.now() - at < UNSURE_MS);
    return this.before(this.#unsure[0]?.seq);
  }

  /** Where the app is once its stream has closed. */
  left(): number {
    return this.before(this.#unsent[0]);
  }

  private before(seq: number | undefined): number {
    return seq === undefined ? this.cursor : seq - 1;
  }
}
