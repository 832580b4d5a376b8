export { openOrgs, type Orgs, type OrgsOptions } from './open-orgs.js';
export { organizationList } from './organization-list/organization-list.projection.js';
export { orgsSchema } from './orgs.schema.js';
export { organizationDecider } from './organization/organization.decider.js';
export type { OrgsPolicy } from './orgs.policy.js';
export type { MailOptions } from './mail/mailer.js';
export { deciderOf } from './decider-of.js';
