import { isBranchName } from '@tidemark/e2ee';
import { DeviceError } from '../state/device-error.js';

/** Names differ by more than case, or not at all: lower case everywhere. */
export function branchName(name: string): string {
  if (isBranchName(name)) return name.toLowerCase();
  throw new DeviceError(
    'BRANCH_NAME_INVALID',
    'A branch name has at least 3 letters, digits, dots, dashes, underscores or slashes and begins with a letter or digit.',
  );
}
