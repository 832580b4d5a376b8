import { Module, type DynamicModule } from '@nestjs/common';
import { HealthController } from '../health/health.controller.js';
import { Health } from '../health/health.js';
import type { Hints } from '../hints/hints.js';
import type { Logger } from '../logging/logger.js';
import { Metrics } from '../metrics/metrics.js';

/** Tokens for what each process has once, whatever services it holds. `Health` and `Metrics` are their own tokens. */
export const LOGGER = Symbol('Logger');
export const HINTS = Symbol('Hints');

export interface ProcessParts {
  readonly logger: Logger;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly hints: Hints;
}

/** Gives every module of the process its log, hints, health and metrics, and serves the latter two. */
@Module({})
export class RuntimeModule {
  static with({ logger, health, metrics, hints }: ProcessParts): DynamicModule {
    const providers = [
      { provide: LOGGER, useValue: logger },
      { provide: HINTS, useValue: hints },
      { provide: Health, useValue: health },
      { provide: Metrics, useValue: metrics },
    ];
    return {
      module: RuntimeModule,
      global: true,
      controllers: [HealthController],
      providers,
      exports: providers,
    };
  }
}
