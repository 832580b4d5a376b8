import {
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
  type Provider,
} from '@nestjs/common';
import { Health, type HealthCheck } from '../health/health.js';

export interface Living {
  readonly checks: readonly HealthCheck[];
  /** What works by itself. It ends before the pools that it works with. */
  readonly leadership?: { start(): void; stop(): Promise<void> };
  /** The pools. */
  readonly close: () => Promise<void>;
}

/** A service within the life of its application. */
class ServiceLife implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  constructor(
    private readonly parts: Living,
    private readonly health: Health,
  ) {}

  onApplicationBootstrap(): void {
    for (const check of this.parts.checks) this.health.add(check);
    this.parts.leadership?.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.parts.leadership?.stop();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.parts.close();
  }
}

/** For the providers of a service's module. */
export const serviceLife = (parts: Living): Provider => ({
  provide: ServiceLife,
  useFactory: (health: Health) => new ServiceLife(parts, health),
  inject: [Health],
});
