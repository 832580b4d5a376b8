import type { SignedIn } from '@tidemark/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { WebsiteParts } from './website-parts.js';

const SESSION = 'tidemark_session';
const KNOWN = 'tidemark_known';

/** As long as a session may live at most, and as long as browsers keep a cookie. */
const SESSION_SECONDS = 56 * 24 * 3_600;
const KNOWN_SECONDS = 400 * 24 * 3_600;

/** The token of the website's session, if there is one that could be. */
export function sessionCookie(request: FastifyRequest): string | undefined {
  const token = cookie(request, SESSION);
  return token !== undefined && /^web_[\w-]{43}$/.test(token) ? token : undefined;
}

/** Marks a browser that signed in to an account before. */
export const knownCookie = (request: FastifyRequest): string | undefined =>
  cookie(request, KNOWN)?.slice(0, 200);

export function keepSession(reply: FastifyReply, signedIn: SignedIn, isSecure: boolean): void {
  void reply.header('set-cookie', [
    line(SESSION, signedIn.token, SESSION_SECONDS, isSecure),
    line(KNOWN, signedIn.knownDevice, KNOWN_SECONDS, isSecure),
  ]);
}

export function dropSession(reply: FastifyReply, isSecure: boolean): void {
  void reply.header('set-cookie', line(SESSION, '', 0, isSecure));
}

/** Whether people reach the pages by https, be it through a proxy that nobody told us to trust. */
export const isSecure = ({ protocol }: FastifyRequest, website: WebsiteParts | undefined): boolean =>
  protocol === 'https' || website?.websiteUrl().startsWith('https:') === true;

/** Both values are made of letters that a cookie may hold as they are. */
function cookie({ headers }: FastifyRequest, name: string): string | undefined {
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim().split(/=(.*)/s, 2));
  return pairs.find(([key]) => key === name)?.[1];
}

function line(name: string, value: string, seconds: number, isSecure: boolean): string {
  const secure = isSecure ? '; Secure' : '';
  return `${name}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure}`;
}
