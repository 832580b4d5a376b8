import { setTimeout as sleep } from 'node:timers/promises';
import type { Request } from '../../checker/history.mjs';
import { ask } from './client.js';
import type { Random } from '@tidemark/testing';

export interface Load {
  organizations: number;
  /** Changes in each, its creation included. */
  changes: number;
  writers: number;
  /** How often a writer whose change was not confirmed leaves it at that, of 1. */
  givesUp: number;
}

export interface Place {
  readonly api: string;
  readonly token: string;
}

/** One change that somebody wants: the first of an organization makes it, the others rename it. */
interface Task {
  organization: Organization;
  mark: string;
}

interface Organization {
  id?: string;
  left: Task[];
}

/**
 * Creates and renames organizations, several writers at a time and sometimes two in one organization. Every name is
 * given once, so that it tells which change an event came from; every try is on record with what its caller knew.
 */
export class Writers {
  readonly requests: Request[] = [];
  readonly #ready: Task[] = [];
  #open = 0;
  #settled = 0;
  #stopped = false;

  constructor(
    private readonly place: Place,
    private readonly load: Load,
    private readonly random: Random,
    /** Tells the changes of several writers on one installation apart. */
    private readonly series = '0',
  ) {
    for (let number = 1; number <= load.organizations; number++) this.#ready.push(this.organization(number));
    this.#open = this.#ready.length;
  }

  /** Changes that are over: acknowledged, or left at that. */
  get settled(): number {
    return this.#settled;
  }

  async run(): Promise<void> {
    await Promise.all(Array.from({ length: this.load.writers }, () => this.write()));
  }

  stop(): void {
    this.#stopped = true;
  }

  private organization(number: number): Task {
    const organization: Organization = { left: [] };
    const marks = Array.from(
      { length: this.load.changes },
      (_, index) => `${this.random.seed}-${this.series}-${number}-${index + 1}`,
    );
    const [first, ...rest] = marks.map((mark): Task => ({ organization, mark }));
    organization.left = rest;
    return first!;
  }

  private async write(): Promise<void> {
    while (this.#open > 0 && !this.#stopped) {
      const [task] = this.#ready.splice(this.random.below(this.#ready.length), 1);
      if (task) await this.settle(task);
      else await sleep(5);
    }
  }

  /** Asks until the answer is yes, or sometimes only once; then what comes after it may begin. */
  private async settle(task: Task): Promise<void> {
    for (let confirmed = false; !confirmed && !this.#stopped;) {
      confirmed = await this.attempt(task);
      const creates = task.organization.id === undefined;
      if (!confirmed && !creates && this.random.next() < this.load.givesUp) break;
      if (!confirmed) await sleep(100 + this.random.below(200));
    }
    this.#open -= 1;
    this.#settled += 1;
    const next = task.organization.left.splice(0, task.organization.left.length);
    this.#open += next.length;
    this.#ready.push(...next);
  }

  private async attempt({ organization, mark }: Task): Promise<boolean> {
    const { id } = organization;
    const reply = await ask(this.place.api, this.place.token, {
      ...(id === undefined
        ? { method: 'POST', path: '/api/v1/organizations' }
        : { method: 'PATCH', path: `/api/v1/organizations/${id}` }),
      key: mark,
      name: mark,
    });
    const told = reply.outcome === 'acknowledged' ? String(reply.body['id']) : id;
    this.requests.push({
      mark,
      outcome: reply.outcome,
      from: reply.from,
      to: reply.to,
      ...(told && { org: told }),
    });
    if (reply.outcome !== 'acknowledged') return false;
    organization.id = told!;
    return true;
  }
}
