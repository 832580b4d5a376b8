import type { AccountView, Organization } from '@tidemark/contracts';

export const shownOrganization = ({ id, name, kind, owner }: Organization) => ({
  id,
  name,
  display_name: name,
  branding: { logo_url: '' },
  metadata: { organizationType: kind, ownerAccountId: owner },
});

/** The names of another owner are not the caller's to see without being asked for one by one; newer apps take null. */
export const spaceOf = ({ id, name, kind, owner }: Organization, account: AccountView) => {
  const own = owner === account.id;
  return {
    id,
    name,
    picture: null,
    owner_first_name: own ? account.firstName : null,
    owner_last_name: own ? account.lastName : null,
    owner_email: own ? account.email : null,
    total_members: 1,
    total_invites: 0,
    total_admins: 1,
    is_owner: own,
    can_leave: !own && kind !== 'personal',
  };
};

const on = { enabled: true, reason: '' };
const off = { enabled: false, reason: 'Not part of this installation.' };

/** Older apps crash without `gitSync`, newer ones may without any of the others. */
export const features = {
  features: {
    gitSync: on,
    orgBasicRbac: on,
    cloudSync: on,
    localVault: on,
    bulkImport: on,
    aiMockServers: off,
    aiCommitMessages: off,
    aiMcpClient: off,
    konnectSync: off,
  },
  billing: {
    isActive: true,
    expirationWarningMessage: '',
    expirationErrorMessage: '',
    accessDenied: false,
  },
};

/** The shape of 10.1 and that of later apps in one. */
export const storageRule = {
  storage: 'cloud_plus_local',
  enableCloudSync: true,
  enableLocalVault: true,
  enableGitSync: true,
  isOverridden: false,
};
