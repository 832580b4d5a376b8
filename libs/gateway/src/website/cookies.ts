import type { SignedIn } from '@tidemark/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';

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

export function keepSession(request: FastifyRequest, reply: FastifyReply, signedIn: SignedIn): void {
  void reply.header('set-cookie', [
    line(request, SESSION, signedIn.token, SESSION_SECONDS),
    line(request, KNOWN, signedIn.knownDevice, KNOWN_SECONDS),
  ]);
}

export function dropSession(request: FastifyRequest, reply: FastifyReply): void {
  void reply.header('set-cookie', line(request, SESSION, '', 0));
}

/** Both values are made of letters that a cookie may hold as they are. */
function cookie({ headers }: FastifyRequest, name: string): string | undefined {
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim().split(/=(.*)/s, 2));
  return pairs.find(([key]) => key === name)?.[1];
}

function line({ protocol }: FastifyRequest, name: string, value: string, seconds: number): string {
  const secure = protocol === 'https' ? '; Secure' : '';
  return `${name}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure}`;
}
