import type { Database } from '@tidemark/runtime';

/** How far the log is on its topic. */
export interface RelayState {
  load(topic: string): Promise<number>;
  /** Never moves back. */
  save(topic: string, position: number): Promise<void>;
}

/** In the schema of the log, as the relay's role; the table is `relayMigrations`. */
export class PostgresRelayState implements RelayState {
  constructor(private readonly db: Database) {}

  async load(topic: string): Promise<number> {
    const [row] = await this.db.one<{ position: number }>(
      'relay.load',
      'select position from relay_state where topic = $1',
      [topic],
    );
    return row?.position ?? 0;
  }

  async save(topic: string, position: number): Promise<void> {
    await this.db.one(
      'relay.save',
      `insert into relay_state as r (topic, position) values ($1, $2)
       on conflict (topic) do update set position = greatest(r.position, excluded.position)`,
      [topic, position],
    );
  }
}

export class MemoryRelayState implements RelayState {
  private readonly positions = new Map<string, number>();

  async load(topic: string): Promise<number> {
    return this.positions.get(topic) ?? 0;
  }

  async save(topic: string, position: number): Promise<void> {
    this.positions.set(topic, Math.max(position, await this.load(topic)));
  }
}
