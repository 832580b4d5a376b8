import { launcherVariables, loadConfig } from '@tidemark/runtime';
import { services, type ServiceName } from './arguments.js';
import { environmentOf, type Surroundings } from './service-environment.js';
import { accountSettings, addressesFor, doorSettings, isPrivate, passedOn } from './settings.js';

const config = (env: Record<string, string> = {}) => loadConfig(launcherVariables, env);
const seen = { api: 'http://127.0.0.1:7420', website: 'http://127.0.0.1:7420' };

describe('addresses as people see them', () => {
  it('are where the first gateway listens, unless others are given', () => {
    expect(addressesFor(config(), 7421)).toEqual({
      api: 'http://127.0.0.1:7421',
      website: 'http://127.0.0.1:7421',
    });
    const given = config({ TIDEMARK_API_URL: 'https://api.example.org' });
    expect(addressesFor(given, 7421).website).toBe('https://api.example.org');
  });

  it('decide who may have an account', () => {
    expect(accountSettings(config(), '/data', seen)).toMatchObject({ TIDEMARK_REGISTRATION: 'open' });
    const reached = config({ TIDEMARK_WEBSITE_URL: 'https://tidemark.example.org' });
    expect(isPrivate(reached)).toBe(false);
    expect(accountSettings(reached, '/data', seen)).toMatchObject({ TIDEMARK_REGISTRATION: 'closed' });
    const opened = config({
      TIDEMARK_WEBSITE_URL: 'https://tidemark.example.org',
      TIDEMARK_REGISTRATION: 'open',
    });
    expect(accountSettings(opened, '/data', seen)).toMatchObject({ TIDEMARK_REGISTRATION: 'open' });
  });
});

describe('mails', () => {
  it('are files that the gateway may show, as long as none is sent', () => {
    expect(doorSettings(config(), '/data', seen)).toMatchObject({ TIDEMARK_MAIL_DIR: '/data/mail' });
    const sent = config({ TIDEMARK_SMTP_URL: 'smtp://user:secret@127.0.0.1:25' });
    expect(doorSettings(sent, '/data', seen)).not.toHaveProperty('TIDEMARK_MAIL_DIR');
    expect(accountSettings(sent, '/data', seen)).toHaveProperty('TIDEMARK_SMTP_URL');
  });
});

describe('each process', () => {
  const roles = (service: ServiceName) => ({
    appUrl: `postgres://${service}_app@db/x`,
    relayUrl: `postgres://${service}_relay@db/x`,
  });
  const full = config({ TIDEMARK_SMTP_URL: 'smtp://user:secret@127.0.0.1:25' });
  const around: Surroundings = {
    kafka: '127.0.0.1:9092',
    redis: 'redis://127.0.0.1:6379',
    blobs: 'gs://tidemark',
    roles: Object.fromEntries(
      services.filter((name) => name !== 'gateway').map((name) => [name, roles(name)]),
    ),
    addresses: Object.fromEntries(services.map((name, n) => [name, `http://127.0.0.1:${7500 + n}`])),
    actorKey: 'k'.repeat(40),
    operatorToken: `tm_${'x'.repeat(43)}`,
    keys: 'file:///data/keys.json',
    passedOn: passedOn(full),
    accounts: { ...accountSettings(full, '/data', seen), TIDEMARK_SETUP_CODE: 'the-code-of-the-first-start' },
    door: doorSettings(full, '/data', seen),
    crashes: {},
  };
  const who = (variable: string) => services.filter((name) => variable in environmentOf(name, around));

  it.each<[string, ServiceName[]]>([
    ['TIDEMARK_OPERATOR_TOKEN', ['gateway']],
    ['TIDEMARK_KEYS_URL', ['orgs', 'snapshots']],
    ['TIDEMARK_BLOBS_URL', ['snapshots']],
    ['TIDEMARK_SMTP_URL', ['orgs']],
    ['TIDEMARK_SETUP_CODE', ['orgs']],
    ['TIDEMARK_APP_DATABASE_URL', ['orgs', 'branches', 'snapshots', 'audit']],
    ['TIDEMARK_BRANCHES_URL', ['snapshots', 'gateway']],
    ['TIDEMARK_ORGS_URL', ['gateway']],
    ['TIDEMARK_ACTOR_KEY', [...services]],
  ])('is told %s only if it is one of %p', (variable, wanted) => {
    expect(who(variable)).toEqual(wanted);
  });

  it('logs in to its own tables alone', () => {
    for (const name of services.filter((service) => service !== 'gateway'))
      expect(environmentOf(name, around)['TIDEMARK_APP_DATABASE_URL']).toBe(roles(name).appUrl);
  });
});
