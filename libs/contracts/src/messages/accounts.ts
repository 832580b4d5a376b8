import {
  IsBoolean,
  IsEmail,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { Type } from 'class-transformer';
import { IsCommandId, IsPlainText, IsSessionId, IsSha256 } from './fields.js';

/** Messages about accounts, asked by the gateway on behalf of whoever is in the actor context (NOBODY before sign-in). */
export const accountMessages = {
  registration: 'orgs.registration',
  kdf: 'orgs.kdf',
  signUp: 'orgs.sign-up',
  signIn: 'orgs.sign-in',
  startAppSession: 'orgs.start-app-session',
  authenticate: 'orgs.authenticate',
  signOut: 'orgs.sign-out',
  account: 'orgs.account',
  listSessions: 'orgs.list-sessions',
  endSession: 'orgs.end-session',
  changePassphrase: 'orgs.change-passphrase',
  replaceRecovery: 'orgs.replace-recovery',
  startRecovery: 'orgs.start-recovery',
  finishRecovery: 'orgs.finish-recovery',
  verifyEmail: 'orgs.verify-email',
  sendVerification: 'orgs.send-verification',
  makeOperator: 'orgs.make-operator',
} as const;

export class Kdf {
  @IsIn([1])
  readonly v!: 1;
  /** KiB */
  @IsInt()
  @Min(8_192)
  @Max(1_048_576)
  readonly m!: number;
  @IsInt()
  @Min(1)
  @Max(10)
  readonly t!: number;
  @IsInt()
  @Min(1)
  @Max(4)
  readonly p!: number;
  @Matches(/^[0-9a-f]{32}$/, { message: 'must be 32 lower-case hexadecimal digits' })
  readonly salt!: string;
}

/** An AES message as the desktop app writes it (obligation O19), as JSON text. */
const AES_MESSAGE = /^\{"iv":"[0-9a-f]{24}","t":"[0-9a-f]{32}","ad":"","d":"(?:[0-9a-f]{2}){1,8192}"\}$/;
const IsAesMessage = (): PropertyDecorator =>
  Matches(AES_MESSAGE, {
    message: 'must be an AES message: JSON with iv, t, ad and d in this order, no white space',
  });

const IsEmailAddress = (): PropertyDecorator => IsEmail({}, { message: 'must be an e-mail address' });

/** What makes a passphrase good for sign-in without the server ever seeing it. */
export class PassphraseKeys {
  @IsObject()
  @ValidateNested()
  @Type(() => Kdf)
  readonly kdf!: Kdf;

  /** 32 bytes as hexadecimal digits; the server keeps a keyed hash of it. */
  @IsSha256()
  readonly authenticationKey!: string;

  /** The account's symmetric key, wrapped with the key-encryption key of the passphrase. */
  @IsAesMessage()
  readonly encSymmetricKey!: string;
}

/** The same made from the recovery code. */
export class RecoveryKeys {
  @IsSha256()
  readonly authenticationKey!: string;

  @IsAesMessage()
  readonly encSymmetricKey!: string;
}

export class SignUp extends PassphraseKeys {
  @IsCommandId()
  readonly command!: string;

  @IsEmailAddress()
  readonly email!: string;

  @IsPlainText(0, 100)
  readonly firstName!: string;

  @IsPlainText(0, 100)
  readonly lastName!: string;

  /** RSA public JWK as JSON text: RSA-OAEP-256, 2048 bit or more, key_ops with encrypt. */
  @IsString()
  @Length(100, 4_096)
  readonly publicKey!: string;

  @IsAesMessage()
  readonly encPrivateKey!: string;

  @IsObject()
  @ValidateNested()
  @Type(() => RecoveryKeys)
  readonly recovery!: RecoveryKeys;

  /** Names the browser, as sessions are listed. */
  @IsPlainText(0, 200)
  readonly userAgent!: string;

  /** The one-time code of the first start; needed to become the operator beyond loopback. */
  @IsOptional()
  @IsString()
  @Length(1, 100)
  readonly setupCode?: string;

  /** The operator makes an account for somebody: allowed whatever the registration policy says. */
  @IsOptional()
  @IsBoolean()
  readonly byOperator?: boolean;

  /** Network address that asks; kept only as a keyed hash for counting. */
  @IsString()
  @Length(0, 100)
  readonly address!: string;
}

export class AskKdf {
  @IsEmailAddress()
  readonly email!: string;
}

export class SignIn {
  @IsEmailAddress()
  readonly email!: string;
  @IsSha256()
  readonly authenticationKey!: string;
  @IsPlainText(0, 200)
  readonly userAgent!: string;
  @IsString()
  @Length(0, 100)
  readonly address!: string;
  /** From the cookie of a browser that signed in to this account before: strangers' failures do not lock it out. */
  @IsOptional()
  @IsString()
  @Length(0, 200)
  readonly knownDevice?: string;
}

/** A website session has begun. */
export interface SignedIn {
  readonly account: AccountView;
  readonly session: string;
  /** For the cookie, `web_…`. */
  readonly token: string;
  /** For the long-lived cookie that marks this browser as known to the account. */
  readonly knownDevice: string;
}

/** What an account's own page and app may know of it. Personal data: never in logs and events. */
export interface AccountView {
  readonly id: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly emailVerified: boolean;
  readonly operator: boolean;
  readonly createdAt: string;
  readonly personalOrg: string;
  readonly kdf: Kdf;
  /** JSON texts, as the protocol wants them. */
  readonly publicKey: string;
  readonly encPrivateKey: string;
  readonly encSymmetricKey: string;
}

/** An app session is a device. */
export class StartAppSession {
  @IsPlainText(1, 200)
  readonly device!: string;
  @IsPlainText(0, 100)
  readonly appVersion!: string;
  /** Session to end in the same step, when there are too many. */
  @IsOptional()
  @IsSessionId()
  readonly end?: string;
}

export interface AppSession {
  readonly session: string;
  /** `sess_…`: shown once. */
  readonly token: string;
}

export class Authenticate {
  /** `sess_…` of an app or `web_…` of the website. */
  @Matches(/^(sess|web)_[\w-]{43}$/)
  readonly token!: string;
  /** `X-Insomnia-Client`, to show when and with what a device was last seen. */
  @IsPlainText(0, 100)
  readonly client!: string;
}

export interface Authenticated {
  readonly account: string;
  readonly session: string;
  readonly kind: 'app' | 'web';
  readonly operator: boolean;
  readonly emailVerified: boolean;
  /** Organizations in which the account is active. */
  readonly organizations: readonly string[];
}

export class SignOut {
  @Matches(/^(sess|web)_[\w-]{43}$/)
  readonly token!: string;
}

export interface SessionView {
  readonly id: string;
  readonly kind: 'app' | 'web';
  readonly device: string;
  readonly appVersion: string;
  readonly createdAt: string;
  readonly lastSeenAt: string;
  readonly expiresAt: string;
}

export class EndSession {
  @IsSessionId()
  readonly session!: string;
}

export class ChangePassphrase {
  @IsObject()
  @ValidateNested()
  @Type(() => PassphraseKeys)
  readonly next!: PassphraseKeys;
  /** Of the passphrase until now. */
  @IsSha256()
  readonly authenticationKey!: string;
}

export class ReplaceRecovery {
  @IsSha256()
  readonly authenticationKey!: string;
  @IsObject()
  @ValidateNested()
  @Type(() => RecoveryKeys)
  readonly recovery!: RecoveryKeys;
}

export class StartRecovery {
  @IsEmailAddress()
  readonly email!: string;
  /** Made from the recovery code. */
  @IsSha256()
  readonly recoveryKey!: string;
  @IsString()
  @Length(0, 100)
  readonly address!: string;
}

export interface RecoveryMaterial {
  /** The symmetric key wrapped with the code. */
  readonly encSymmetricKey: string;
  readonly encPrivateKey: string;
  readonly publicKey: string;
}

/** A new passphrase and a new code; all other sessions end. */
export class FinishRecovery extends StartRecovery {
  @IsObject()
  @ValidateNested()
  @Type(() => PassphraseKeys)
  readonly next!: PassphraseKeys;
  @IsObject()
  @ValidateNested()
  @Type(() => RecoveryKeys)
  readonly recovery!: RecoveryKeys;
  @IsPlainText(0, 200)
  readonly userAgent!: string;
}

export class VerifyEmail {
  @IsString()
  @Length(20, 300)
  readonly token!: string;
}

export class MakeOperator {
  @IsString()
  @Length(1, 100)
  readonly setupCode!: string;
}

export interface Registration {
  readonly policy: 'open' | 'invited' | 'closed' | 'domain';
  readonly domain?: string;
  /** Nobody is operator yet: the first account becomes it, with the setup code unless `codeless`. */
  readonly needsOperator: boolean;
  readonly codeless: boolean;
}

export class Nothing {}
