export { openOrgs, type Orgs, type OrgsOptions } from './open-orgs.js';
export { orgsSchema } from './orgs.schema.js';
export { organizationDecider } from './organization/organization.decider.js';
