import { Histogram, type Registry } from 'prom-client';

/** How long requests took at the service that answered them, by pattern and outcome. */
export class RequestMetrics {
  readonly #seconds: Histogram<'pattern' | 'outcome'>;

  constructor(registry: Registry) {
    this.#seconds = new Histogram({
      name: 'tidemark_request_seconds',
      help: 'Requests between services, at the service that answers: until the reply is made',
      labelNames: ['pattern', 'outcome'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25],
      registers: [registry],
    });
  }

  observe(pattern: string, outcome: string, sinceMs: number): void {
    this.#seconds.observe({ pattern, outcome }, (performance.now() - sinceMs) / 1000);
  }
}
