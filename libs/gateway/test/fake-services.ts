import { notFound, unauthorized, type ActorContext } from '@tidemark/contracts';
import type { RequestOptions, Requests } from '@tidemark/transport';

export interface Sent {
  readonly pattern: string;
  readonly payload: Record<string, unknown>;
  readonly actor: ActorContext;
}

export type Answers = Record<string, (payload: never, actor: ActorContext) => unknown>;

/** Stands in for all services: answers by pattern, remembers what it was asked, and says NOT_FOUND to anything else. */
export class FakeServices implements Requests {
  readonly sent: Sent[] = [];

  constructor(public answers: Answers) {}

  async send<Reply>(pattern: string, payload: unknown, { actor }: RequestOptions): Promise<Reply> {
    this.sent.push({ pattern, payload: payload as Record<string, unknown>, actor });
    const answer = this.answers[pattern];
    if (!answer) throw notFound();
    return (await answer(payload as never, actor)) as Reply;
  }

  /** Patterns asked since the last call of this, `orgs.authenticate` apart. */
  take(): string[] {
    return this.sent
      .splice(0)
      .map(({ pattern }) => pattern)
      .filter((pattern) => pattern !== 'orgs.authenticate');
  }
}

export const nobody = () => {
  throw unauthorized();
};
