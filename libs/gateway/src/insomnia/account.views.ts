import type { AccountView } from '@tidemark/contracts';

/** The app parses the keys a second time, so they are texts. */
export const whoamiOf = (account: AccountView) => ({
  accountId: account.id,
  email: account.email,
  firstName: account.firstName,
  lastName: account.lastName,
  publicKey: account.publicKey,
  encSymmetricKey: account.encSymmetricKey,
  encPrivateKey: account.encPrivateKey,
  // The rest is declared by the app and not looked at by the versions known.
  created: Math.floor(Date.parse(account.createdAt) / 1_000),
  sessionAge: 0,
  sessionExpiry: 4_838_400,
  saltEnc: '',
  isVerified: account.emailVerified,
  isPaymentRequired: false,
  isTrialing: false,
  isAdmin: false,
  trialEnd: '',
  canManageTeams: true,
  maxTeamMembers: 0,
  planId: plan.planId,
  planName: plan.planName,
});

export const profileOf = (account: AccountView) => ({ id: account.id, name: nameOf(account), picture: '' });

export const userOf = (account: AccountView) => ({
  id: account.id,
  first_name: account.firstName,
  last_name: account.lastName,
  picture: '',
  email: account.email,
  emails: [{ email: account.email, is_primary: true }],
  is_externally_provisioned: false,
  encryption_enabled: true,
  created_at: account.createdAt,
});

export const encryptionKeysOf = (account: AccountView) => ({
  public_key: account.publicKey,
  enc_private_key: account.encPrivateKey,
  enc_symmetric_key: account.encSymmetricKey,
  salt_enc: '',
  enc_driver_key: null,
});

export const nameOf = ({ firstName, lastName, email }: AccountView): string =>
  `${firstName} ${lastName}`.trim() || email;

/** One answer for everybody: the app then shows no upgrade button of another vendor. */
export const plan = {
  isActive: true,
  period: 'year',
  planId: 'self-hosted',
  planName: 'Self-hosted',
  price: 0,
  quantity: 5,
  type: 'enterprise',
  status: 'active',
  trialingEnd: '',
} as const;
