// Who may import whom: apps → services → platform → contracts, and never back or sideways.
// The rule in import-direction.mjs holds every import statement against this table.
const platform = ['contracts', 'runtime', 'event-store', 'transport'];
const services = ['gateway', 'orgs', 'branches', 'snapshots', 'audit'];

const library = (names) => names.map((name) => `libs/${name}`);

const serviceLayers = services.map((name) => [`libs/${name}`, library(platform)]);
const serviceApps = services.map((name) => [`apps/${name}`, library([...platform, name])]);

/** Project → the other projects that its sources may import. */
export const mayImport = new Map([
  ['libs/contracts', []],
  ['libs/runtime', library(['contracts'])],
  ['libs/event-store', library(['contracts', 'runtime'])],
  ['libs/transport', library(['contracts', 'runtime', 'event-store'])],
  ['libs/backing', library(['contracts', 'runtime'])],
  ['libs/testing', library([...platform, 'backing'])],
  ...serviceLayers,
  ...serviceApps,
  ['apps/standalone', library([...platform, ...services, 'backing'])],
  ['apps/launcher', library(['contracts', 'runtime', 'backing'])],
  ['apps/cli', library([...platform, ...services])],
]);

/** Tests may use the test helpers besides what the code under test may use. */
export const forTestsOnly = 'libs/testing';

/** Packages that one project hides from all others. */
export const hidden = new Map([['kafkajs', 'libs/transport']]);
