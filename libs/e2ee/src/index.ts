export { E2eeError, type E2eeErrorKind } from './errors.js';
export {
  type AesKey,
  type AesMessage,
  aesMessageText,
  decryptText,
  encryptText,
  isAesMessage,
  parseAesMessage,
} from './aes-message.js';
export {
  newSymmetricKey,
  parseSymmetricKey,
  rawKey,
  type SymmetricKey,
  symmetricKey,
  symmetricKeyText,
} from './symmetric-key.js';
export { parsePrivateKey, parsePublicKey, type PrivateKey, type PublicKey } from './rsa-key.js';
export { rewrapFileKey, unwrapFileKey, wrapFileKey, wrappedKeyDigits } from './file-key.js';
export {
  type Argon2id,
  isLongEnough,
  type Kdf,
  newKdf,
  passphraseSecrets,
  type Secrets,
  shortestPassphrase,
} from './passphrase.js';
export { newRecoveryCode, parseRecoveryCode, recoverySecrets } from './recovery-code.js';
export {
  type AccountKeyTexts,
  type NewAccountKeys,
  newAccountKeys,
  newRecovery,
  openPrivateKey,
  openSymmetricKey,
  type PassphraseKeys,
  passphraseKeys,
  type RecoveryKeys,
} from './account-keys.js';
export {
  finishLoginLink,
  type Login,
  type LoginKeys,
  newLoginKeys,
  openLogin,
  parseLoginKey,
  sealLogin,
} from './login-box.js';
export { canonicalJson } from './canonical-json.js';
export { type Blob, blobId, type Document, openBlob, sealBlob } from './blob.js';
export { noParent, snapshotId } from './snapshot-id.js';
export { isBranchName, isNewerBranchName, isOlderBranchName } from './branch-name.js';
export { type AppSession, appSession, type SessionAccount } from './app-session.js';
