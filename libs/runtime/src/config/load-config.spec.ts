import { describe, expect, it } from '@jest/globals';
import { StartError } from '../start-error.js';
import { gatewayVariables, serviceVariables } from './configs.js';
import { loadConfig, optional, printable, required, withDefault, type Environment } from './load-config.js';
import { knownNames, variables, type Variable } from './variables.js';

const complaint = (load: () => unknown): string => {
  try {
    load();
  } catch (error) {
    expect(error).toBeInstanceOf(StartError);
    expect((error as StartError).exitCode).toBe(2);
    return (error as StartError).message;
  }
  throw new Error('nothing was refused');
};

const service: Environment = {
  TIDEMARK_APP_DATABASE_URL: 'postgres://tidemark_orgs_app:p%40ss@db:5432/tidemark?sslmode=require',
  TIDEMARK_RELAY_DATABASE_URL: 'postgres://tidemark_orgs_relay:p4ss@db:5432/tidemark',
  TIDEMARK_KAFKA_BROKERS: 'kafka-0:9092, kafka-1:9092',
  TIDEMARK_ACTOR_KEY: 'k'.repeat(40),
};

describe('configuration', () => {
  it('takes what is set, and the default of what is not or is empty', () => {
    const config = loadConfig(serviceVariables, { ...service, TIDEMARK_PORT: '0', TIDEMARK_LOG_LEVEL: '' });
    expect(config).toMatchObject({
      port: 0,
      host: '127.0.0.1',
      logLevel: 'info',
      stallSeconds: 60,
      kafkaSessionMs: 45_000,
      parkRetrySeconds: 30,
      kafkaBrokers: ['kafka-0:9092', 'kafka-1:9092'],
      redisUrl: undefined,
    });
  });

  it('names everything that is wrong in one message: variable, rule, example', () => {
    const message = complaint(() =>
      loadConfig(gatewayVariables, { TIDEMARK_PORT: '99999', TIDEMARK_ORGS_URL: 'orgs:7421' }),
    );
    expect(message).toContain(
      'TIDEMARK_PORT "99999" does not fit: it must be a port (0 takes a free one), a whole number from 0 to 65535, for example 7420',
    );
    expect(message).toContain('TIDEMARK_ORGS_URL "orgs:7421" does not fit');
    expect(message).toContain('TIDEMARK_ACTOR_KEY is missing');
    expect(message).toContain('TIDEMARK_OPERATOR_TOKEN is missing');
    expect(message).toContain('TIDEMARK_AUDIT_URL is missing');
    expect(message).not.toContain('\n');
  });

  it('repeats no secret, right or wrong', () => {
    const env = { TIDEMARK_ACTOR_KEY: 'short', TIDEMARK_APP_DATABASE_URL: 'pg://user:hunter2@db/x' };
    const message = complaint(() =>
      loadConfig({ a: required('actorKey'), b: required('appDatabaseUrl') }, env),
    );
    expect(message).not.toMatch(/short\b|hunter2/);
  });

  it('takes a name that it does not know for a slip, and says which one was meant', () => {
    const message = complaint(() =>
      loadConfig({}, { TIDEMARK_DATABSE_URL: 'x', TIDEMARK_PROT: '1', PATH: '/bin' }),
    );
    expect(message).toBe(
      'TIDEMARK_DATABSE_URL is not known; did you mean TIDEMARK_DATABASE_URL?; TIDEMARK_PROT is not known; did you mean TIDEMARK_PORT?',
    );
  });

  it('lets pass what container platforms and tests set', () => {
    const env = {
      TIDEMARK_ORGS_SERVICE_HOST: '10.0.0.1',
      TIDEMARK_ORGS_PORT_80_TCP_ADDR: 'x',
      TIDEMARK_TEST_MODE: 'standalone',
    };
    expect(loadConfig({ port: withDefault('port', 1) }, env)).toEqual({ port: 1 });
  });

  it.each(Object.values(variables) as Variable<unknown>[])(
    '$name: its own example keeps to its rule, and nonsense does not',
    ({ parse, example, name }) => {
      if (!/the output of/.test(example)) expect(parse(example)).toBeDefined();
      expect(parse('\0')).toBeUndefined();
      expect(knownNames).toContain(name);
    },
  );

  it.each(['-1', '1.5', '1e3', ' 7', '0x10', '65536', '٣'])('%p is no port', (port) => {
    expect(variables.port.parse(port)).toBeUndefined();
  });

  it.each(['postgres://db:5432/tidemark', 'postgres://u:p@db', 'http://u:p@db/x', 'u:p@db/x'])(
    '%p is no database',
    (url) => {
      expect(variables.databaseUrl.parse(url)).toBeUndefined();
    },
  );

  it('is printed without passwords', () => {
    const spec = { ...serviceVariables, operatorToken: optional('operatorToken') };
    const printed = printable(spec, loadConfig(spec, service));
    expect(printed).toMatchObject({
      TIDEMARK_APP_DATABASE_URL: 'postgres://tidemark_orgs_app:***@db:5432/tidemark?***',
      TIDEMARK_ACTOR_KEY: '(set)',
      TIDEMARK_OPERATOR_TOKEN: '(not set)',
      TIDEMARK_KAFKA_BROKERS: 'kafka-0:9092,kafka-1:9092',
    });
    expect(JSON.stringify(printed)).not.toMatch(/p%40ss|p@ss|p4ss|kkkk/);
  });
});
