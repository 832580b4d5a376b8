import { Matches } from 'class-validator';

const RULE = /^(?!\s)[^\p{Cc}\p{Cs}]{1,200}(?<!\s)$/u;

/** A name as people see it. Lone surrogates are refused because no database could keep them. */
export const IsOrganizationName = (): PropertyDecorator =>
  Matches(RULE, {
    message: 'must have 1 to 200 characters, no control characters and no space at its beginning or end',
  });
