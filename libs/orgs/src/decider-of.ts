import type { DeciderOf } from '@tidemark/event-store';
import { accountDecider } from './account/account.decider.js';
import { organizationDecider } from './organization/organization.decider.js';
import { projectDecider } from './project/project.decider.js';

/** Whose rules a stream of this service follows; its name says so. */
export const deciderOf: DeciderOf = (stream) => {
  if (stream.startsWith('account-')) return accountDecider;
  return stream.startsWith('project-') ? projectDecider : organizationDecider;
};
