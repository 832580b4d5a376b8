import type { Kdf } from '@tidemark/e2ee';

export interface Account {
  readonly id: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly emailVerified: boolean;
  readonly operator: boolean;
  readonly createdAt: string;
  readonly kdf: Kdf;
  readonly publicKey: string;
  readonly encPrivateKey: string;
  readonly encSymmetricKey: string;
}

export interface Installation {
  readonly policy: 'open' | 'invited' | 'closed' | 'domain';
  readonly domain?: string;
  /** The first account becomes the operator: with the setup code, unless `codeless`. */
  readonly needsOperator: boolean;
  readonly codeless: boolean;
  readonly mails: boolean;
  readonly apiUrl: string;
}

export interface Session {
  readonly id: string;
  readonly kind: 'app' | 'web';
  readonly device: string;
  readonly appVersion: string;
  readonly createdAt: string;
  readonly lastSeenAt: string;
  readonly expiresAt: string;
}

export interface Sessions {
  readonly items: readonly Session[];
  /** The one of this page. */
  readonly current: string;
  /** Most devices at once. */
  readonly limit: number;
}

export interface RecoveryMaterial {
  readonly encSymmetricKey: string;
}

export interface Organization {
  readonly id: string;
  readonly name: string;
  readonly kind: 'personal' | 'team';
  readonly projects: readonly { readonly id: string; readonly name: string }[];
}

export interface Mail {
  readonly file: string;
  readonly at: string;
  readonly to: string;
  readonly subject: string;
  readonly link?: string;
}
