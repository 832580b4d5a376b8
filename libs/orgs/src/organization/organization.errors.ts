import { DomainError } from '@tidemark/contracts';

export const organizationExists = () =>
  new DomainError(
    'CONFLICT',
    'An organization with this id exists already. Leave the id out to get a new one.',
  );
