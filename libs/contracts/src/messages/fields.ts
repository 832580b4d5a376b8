import { IsUUID, Matches, ValidateBy } from 'class-validator';

const rule =
  (pattern: RegExp, message: string) =>
  (each = false): PropertyDecorator =>
    Matches(pattern, { message, each });

export const IsOrgId = rule(
  /^org_[0-9a-f]{32}$/,
  'must be an organization id: org_ and 32 hexadecimal digits',
);
export const IsAccountId = rule(
  /^acct_[0-9a-f]{32}$/,
  'must be an account id: acct_ and 32 hexadecimal digits',
);
export const IsProjectId = rule(
  /^proj_[0-9a-zA-Z_-]{1,80}$/,
  'must be a project id: proj_ and letters or digits',
);
export const IsFileId = rule(/^prj_[0-9a-f]{32}$/, 'must be a file id: prj_ and 32 hexadecimal digits');
export const IsIncarnation = rule(/^inc_[0-9a-f]{32}$/, 'must be an incarnation of a file');
export const IsSessionId = rule(/^ses_[0-9a-f]{32}$/, 'must be a session id: ses_ and 32 hexadecimal digits');
export const IsHash = rule(/^[0-9a-f]{40}$/, 'must be 40 lower-case hexadecimal digits');
export const IsSha256 = rule(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal digits');

/** Names the command: sent again with the same one, it is done once. */
export const IsCommandId = (): PropertyDecorator => IsUUID('all');

/** Text as people write it: no control characters, no lone surrogates. Empty is allowed from 0 on. */
export const IsPlainText = (least: number, most: number): PropertyDecorator =>
  Matches(new RegExp(`^[^\\p{Cc}\\p{Cs}]{${least},${most}}$`, 'u'), {
    message: `must have ${least} to ${most} characters and no control characters`,
  });

/** For lists of many plain things: one test for the whole list, because a rule per element costs more than the request. */
export const IsListOf = (test: (item: unknown) => boolean, most: number, what: string): PropertyDecorator =>
  ValidateBy({
    name: 'isListOf',
    validator: {
      validate: (value) => Array.isArray(value) && value.length <= most && value.every(test),
      defaultMessage: () => `must be a list of at most ${most} ${what}`,
    },
  });

export const isHash = (value: unknown): boolean => typeof value === 'string' && /^[0-9a-f]{40}$/.test(value);
