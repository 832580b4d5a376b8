import type { Admin, Kafka } from 'kafkajs';

/** How far a group has come, asked over a connection of its own: a consumer that hangs cannot answer for itself. */
export class GroupLag {
  private admin: Promise<Admin> | undefined;

  constructor(
    private readonly kafka: Kafka,
    private readonly topic: string,
    private readonly group: string,
  ) {}

  async of(mine: (partition: number) => boolean): Promise<{ lag: number; mark: string }> {
    try {
      const admin = await (this.admin ??= this.connect());
      const [group] = await admin.fetchOffsets({ groupId: this.group, topics: [this.topic] });
      const ends = await admin.fetchTopicOffsets(this.topic);
      const committed = new Map(
        group?.partitions.map(({ partition, offset }) => [partition, Number(offset)]),
      );
      const waiting = ends
        .filter(({ partition }) => mine(partition))
        .map(
          ({ partition, low, high }) => Number(high) - Math.max(committed.get(partition) ?? -1, Number(low)),
        );
      return { lag: waiting.reduce((sum, one) => sum + one, 0), mark: [...committed].sort().join(' ') };
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    const admin = this.admin;
    this.admin = undefined;
    await admin?.then((open) => open.disconnect()).catch(() => undefined);
  }

  private async connect(): Promise<Admin> {
    const admin = this.kafka.admin({ retry: { retries: 1 } });
    await admin.connect();
    return admin;
  }
}
