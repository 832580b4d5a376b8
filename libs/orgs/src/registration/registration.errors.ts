import { DomainError } from '@tidemark/contracts';
import type { RegistrationPolicy } from '@tidemark/runtime';

export const registrationClosed = (policy: RegistrationPolicy) =>
  new DomainError('FORBIDDEN', `${whyNot(policy)} Ask the operator of this server for an account.`);

function whyNot(policy: RegistrationPolicy): string {
  if (policy === 'invited') return 'Only people who are invited can sign up here.';
  return policy.startsWith('domain:')
    ? `Only addresses of ${policy.slice('domain:'.length)} can sign up here.`
    : 'Nobody can sign up here at the moment.';
}

export const setupCodeNeeded = () =>
  new DomainError(
    'FORBIDDEN',
    'The first account becomes the operator of this server and needs the setup code that the first start has left.',
  );

export const setupCodeWrong = () =>
  new DomainError('FORBIDDEN', 'This is not the setup code of this server, or it has been used already.');

export const operatorOnly = () =>
  new DomainError('FORBIDDEN', 'Only an operator can make accounts for others.');
