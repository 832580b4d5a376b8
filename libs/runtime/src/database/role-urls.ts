import { randomBytes } from 'node:crypto';

export interface RoleUrls {
  readonly appUrl: string;
  readonly relayUrl: string;
}

/** The two logins of a service, with passwords that live as long as this process: none is kept anywhere. */
export function roleUrls(ownerUrl: string, service: string): RoleUrls {
  return { appUrl: urlFor(`tidemark_${service}_app`), relayUrl: urlFor(`tidemark_${service}_relay`) };

  function urlFor(role: string): string {
    const url = new URL(ownerUrl);
    url.username = role;
    url.password = randomBytes(24).toString('base64url');
    return url.href;
  }
}
