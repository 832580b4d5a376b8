import type { Database } from '@tidemark/runtime';

/** How far a log was heard, for readers that go by position. */
export interface Checkpoints {
  /** 0 when nothing was saved yet. */
  load(source: string): Promise<number>;
  /** Never moves back. */
  save(source: string, position: number): Promise<void>;
}

/** In the consumer's own schema; the table is part of `inboxMigrations`. */
export class PostgresCheckpoints implements Checkpoints {
  constructor(private readonly db: Database) {}

  async load(source: string): Promise<number> {
    const [row] = await this.db.one<{ position: number }>(
      'checkpoint.load',
      'select position from checkpoints where source = $1',
      [source],
    );
    return row?.position ?? 0;
  }

  async save(source: string, position: number): Promise<void> {
    await this.db.one(
      'checkpoint.save',
      `insert into checkpoints as c (source, position) values ($1, $2)
       on conflict (source) do update set position = greatest(c.position, excluded.position)`,
      [source, position],
    );
  }
}

export class MemoryCheckpoints implements Checkpoints {
  private readonly positions = new Map<string, number>();

  async load(source: string): Promise<number> {
    return this.positions.get(source) ?? 0;
  }

  async save(source: string, position: number): Promise<void> {
    this.positions.set(source, Math.max(position, await this.load(source)));
  }
}
