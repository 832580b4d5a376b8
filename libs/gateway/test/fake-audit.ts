import type { AuditEntry, GetPlace, KeepPlace, ListEntries } from '@tidemark/contracts';
import { FILE, PROJECT } from './ada.js';
import type { Answers } from './fake-services.js';

/** The audit as far as streams ask it. */
export class FakeAudit {
  readonly entries: AuditEntry[] = [];
  readonly places = new Map<string, number>();

  readonly answers: Answers = {
    'audit.head': () => ({ seq: this.entries.length }),
    'audit.list-entries': ({ after, limit }: ListEntries) => ({
      items: this.entries.slice(after, after + limit),
      next: this.entries.length > after + limit ? String(after + limit) : null,
    }),
    'audit.place': ({ org, session }: GetPlace) => ({ seq: this.places.get(org + session) ?? null }),
    'audit.keep-place': ({ org, session, seq }: KeepPlace) => {
      this.places.set(org + session, Math.max(seq, this.places.get(org + session) ?? 0));
      return null;
    },
  };

  add(action: string, branch = 'master'): void {
    const seq = this.entries.length + 1;
    const details = { project: PROJECT, file: FILE, branch };
    this.entries.push({
      seq,
      at: '',
      actor: '',
      action,
      object: '',
      outcome: 'done',
      requestId: '',
      details,
    });
  }
}
