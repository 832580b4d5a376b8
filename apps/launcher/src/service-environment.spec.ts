import { services } from './arguments.js';
import { environmentOf, type Surroundings } from './service-environment.js';

const url = (service: string) => `http://127.0.0.1/${service}`;

const around: Surroundings = {
  kafka: '127.0.0.1:9092',
  redis: 'redis://127.0.0.1:6379',
  blobs: 'gs://blobs',
  roles: {},
  addresses: Object.fromEntries(services.map((service) => [service, url(service)])),
  actorKey: 'actor key',
  operatorToken: 'operator token',
  keys: 'file:///keys.json',
  passedOn: {},
  accounts: {},
  door: {},
  crashes: {},
};

describe('the environment of a process', () => {
  it('tells a further gateway where the services are, and nothing of the gateway before it', () => {
    const environment = environmentOf('gateway', around);
    for (const service of ['orgs', 'branches', 'snapshots', 'audit'])
      expect(environment[`TIDEMARK_${service.toUpperCase()}_URL`]).toBe(url(service));
    expect(environment).not.toHaveProperty('TIDEMARK_GATEWAY_URL');
  });

  it.each(services.filter((service) => service !== 'gateway'))(
    'keeps the operator token from %s',
    (service) => expect(Object.values(environmentOf(service, around))).not.toContain('operator token'),
  );
});
