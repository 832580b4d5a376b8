import { Gauge, type Registry } from 'prom-client';

/** Made once per process, for all services in it. */
export class EventMetrics {
  private readonly relays = new Map<string, () => number>();
  private readonly inboxes = new Map<string, () => Promise<number>>();

  constructor(registry: Registry) {
    const { relays, inboxes } = this;
    new Gauge({
      name: 'tidemark_relay_lag_seconds',
      help: 'Age of the oldest event that has a position but is not on Kafka yet',
      labelNames: ['service'],
      registers: [registry],
      collect() {
        for (const [service, lag] of relays) this.set({ service }, lag());
      },
    });
    new Gauge({
      name: 'tidemark_parked_messages',
      help: 'Messages that could not be heard, and those that wait behind them',
      labelNames: ['service'],
      registers: [registry],
      async collect() {
        for (const [service, parked] of inboxes) this.set({ service }, await parked().catch(() => NaN));
      },
    });
  }

  relay(service: string, lagSeconds: () => number): void {
    this.relays.set(service, lagSeconds);
  }

  /** What cannot be asked for at the moment reads as NaN. */
  parked(service: string, messages: () => Promise<number>): void {
    this.inboxes.set(service, messages);
  }
}
