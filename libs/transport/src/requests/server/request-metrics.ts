import { Histogram, type Registry } from 'prom-client';

const NAME = 'tidemark_request_seconds';

/** How long requests took at the service that answered them, by pattern and outcome. */
export class RequestMetrics {
  readonly #seconds: Histogram<'pattern' | 'outcome'> | undefined;

  constructor(registry: Registry | undefined) {
    this.#seconds = registry && histogramIn(registry);
  }

  observe(pattern: string, outcome: string, sinceMs: number): void {
    this.#seconds?.observe({ pattern, outcome }, (performance.now() - sinceMs) / 1000);
  }
}

function histogramIn(registry: Registry): Histogram<'pattern' | 'outcome'> {
  const existing = registry.getSingleMetric(NAME);
  if (existing) return existing as Histogram<'pattern' | 'outcome'>;
  return new Histogram({
    name: NAME,
    help: 'Requests between services, at the service that answers: until the reply is made.',
    labelNames: ['pattern', 'outcome'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25],
    registers: [registry],
  });
}
