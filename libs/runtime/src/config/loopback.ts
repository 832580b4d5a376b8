import { BlockList, isIP } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Can only this machine reach it? Takes a host, or the host of a URL as it stands there. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  if (bare === 'localhost' || bare.endsWith('.localhost')) return true;
  const family = isIP(bare);
  return family !== 0 && loopback.check(bare, family === 4 ? 'ipv4' : 'ipv6');
}

/** An address given for users is one that others may reach too: by a proxy on this machine. */
export const staysHere = (host: string, ...urls: readonly (string | undefined)[]): boolean =>
  isLoopback(host) && urls.every((url) => url === undefined || isLoopback(new URL(url).hostname));
