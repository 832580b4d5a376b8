import { messageOf } from '../errors-of.js';

/** One thing that must work for this process to be of use. */
export interface HealthCheck {
  readonly name: string;
  /** Undefined when it works, else why not, in words without secrets. What it throws counts as a reason. */
  check(): Promise<string | undefined> | string | undefined;
}

export interface Readiness {
  readonly ready: boolean;
  /** `ok` or the reason, by name. */
  readonly checks: Readonly<Record<string, string>>;
}

const PATIENCE_MS = 2_000;

/** Readiness is asked of those who do the work: a process is ready while its parts make progress. */
export class Health {
  private readonly checks = new Set<HealthCheck>();
  private draining = false;

  /** Returns how to take it back. */
  add(check: HealthCheck): () => void {
    this.checks.add(check);
    return () => void this.checks.delete(check);
  }

  /** Not ready from now on: the process is about to end and wants no new work. */
  drain(): void {
    this.draining = true;
  }

  async readiness(): Promise<Readiness> {
    if (this.draining) return { ready: false, checks: { process: 'is shutting down' } };
    const outcomes = await Promise.all(
      [...this.checks].map(async (check) => [check.name, await outcomeOf(check)] as const),
    );
    return { ready: outcomes.every(([, outcome]) => outcome === 'ok'), checks: Object.fromEntries(outcomes) };
  }
}

async function outcomeOf(check: HealthCheck): Promise<string> {
  const late = Promise.withResolvers<string>();
  const timer = setTimeout(() => late.resolve(`no answer within ${PATIENCE_MS / 1000} s`), PATIENCE_MS);
  const asked = async () => (await check.check()) ?? 'ok';
  return Promise.race([asked().catch(messageOf), late.promise]).finally(() => clearTimeout(timer));
}
