/** An account as its events tell it. Who it is, its keys and its sessions stand in tables. */
export type Account =
  | { readonly status: 'absent' }
  | {
      readonly status: 'active';
      readonly createdAt: string;
      readonly emailVerified: boolean;
      readonly operator: boolean;
    };

export const noAccount: Account = { status: 'absent' };

export const accountStream = (account: string) => `account-${account}`;

/** Somebody's own account, unlike that of the operator token and that of nobody. */
export const isPerson = (account: string): boolean => /^acct_[0-9a-f]{32}$/.test(account);
