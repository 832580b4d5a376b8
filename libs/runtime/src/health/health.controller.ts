import { Controller, Get, Header, Inject } from '@nestjs/common';
import { DomainError } from '@tidemark/contracts';
import { Metrics } from '../metrics/metrics.js';
import { Health, type Readiness } from './health.js';

/** Where the keeper of this process looks. Open to whoever reaches the port, so nothing here is a secret. */
@Controller()
export class HealthController {
  constructor(
    @Inject(Health) private readonly health: Health,
    @Inject(Metrics) private readonly metrics: Metrics,
  ) {}

  /** Depends on nothing: restarting this process would not bring a database back. */
  @Get('health/live')
  live(): { status: string } {
    return { status: 'alive' };
  }

  @Get('health/ready')
  async ready(): Promise<{ status: string; checks: Readiness['checks'] }> {
    const { ready, checks } = await this.health.readiness();
    if (ready) return { status: 'ready', checks };
    const failed = Object.entries(checks).filter(([, outcome]) => outcome !== 'ok');
    const details = failed.map(([id, rule]) => ({ id, rule }));
    throw new DomainError('UNAVAILABLE', 'This process is not ready. The details say why.', details);
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  exposed(): Promise<string> {
    return this.metrics.registry.metrics();
  }
}
