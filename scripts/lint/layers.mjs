// Who may import whom: apps → services → platform → contracts, and never back or sideways.
// The rule in import-direction.mjs holds every import statement against this table.
const platform = ['contracts', 'runtime', 'event-store', 'transport'];
const services = ['gateway', 'orgs', 'branches', 'snapshots', 'audit'];

const library = (names) => names.map((name) => `libs/${name}`);

/** What a service may use besides the platform. */
const beside = { snapshots: ['blob-store'] };

const serviceLayers = services.map((name) => [
  `libs/${name}`,
  library([...platform, ...(beside[name] ?? [])]),
]);
const serviceApps = services.map((name) => [
  `apps/${name}`,
  library([...platform, name, ...(beside[name] ?? [])]),
]);

/** Project → the other projects that its sources may import. */
export const mayImport = new Map([
  ['libs/contracts', []],
  ['libs/runtime', library(['contracts'])],
  ['libs/event-store', library(['contracts', 'runtime'])],
  ['libs/transport', library(['contracts', 'runtime', 'event-store'])],
  // What runs in a browser or on a person's machine knows nothing of the server's insides.
  ['libs/e2ee', []],
  ['libs/device', library(['e2ee'])],
  ['apps/website', library(['e2ee'])],
  ['libs/blob-store', library(['contracts', 'runtime'])],
  ['libs/backing', library(['contracts', 'runtime'])],
  ['libs/testing', library([...platform, 'backing'])],
  ...serviceLayers,
  ...serviceApps,
  ['apps/standalone', library([...platform, ...services, 'backing', 'blob-store'])],
  ['apps/launcher', library(['contracts', 'runtime', 'backing'])],
  ['apps/cli', library([...platform, ...services, 'e2ee', 'device'])],
]);

/** Tests may use the test helpers, and the client that drives the product, besides what the code under test may use. */
export const forTestsOnly = library(['testing', 'device', 'e2ee']);

/** Packages that one project hides from all others. */
export const hidden = new Map([
  ['kafkajs', 'libs/transport'],
  ['@google-cloud/storage', 'libs/blob-store'],
]);
