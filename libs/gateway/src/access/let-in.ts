import { requestIdOf } from '@tidemark/runtime';
import { clientOf, type KnownRequest } from './known-request.js';
import type { Sessions } from './sessions.js';

/** Makes the owner of the token the actor of the request. Throws UNAUTHORIZED. */
export async function letIn(sessions: Sessions, request: KnownRequest, token: string): Promise<true> {
  const requestId = requestIdOf(request);
  const session = await sessions.authenticate(token, clientOf(request), requestId);
  request.actor = { account: session.account, session: session.session, requestId };
  request.session = session;
  request.token = token;
  return true;
}
