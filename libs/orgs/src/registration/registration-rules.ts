import type { RegistrationPolicy } from '@tidemark/runtime';
import { normalEmail } from '../secrets/secrets.js';

/** May whoever comes by themselves and has this address make an account? Invitations do not exist yet. */
export const isWelcome = (policy: RegistrationPolicy, email: string): boolean => {
  if (policy === 'open') return true;
  return (
    policy.startsWith('domain:') &&
    normalEmail(email).endsWith(`@${policy.slice('domain:'.length).toLowerCase()}`)
  );
};
