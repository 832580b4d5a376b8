import type { Request } from '../../checker/history.mjs';

export type Outcome = Request['outcome'];

/** What one try came to. */
export interface Reply {
  outcome: Outcome;
  status: number;
  body: Record<string, unknown>;
  from: number;
  to: number;
}

/** Longer than the server's own deadline would be needed to hear its verdict; who gives up earlier knows nothing. */
const PATIENCE_MS = 8_000;

/**
 * One request of a client that believes exactly what it is told: 2xx with a whole body is an acknowledgement, a
 * refusal in the words of the error contract means that nothing was changed, and all else leaves it unknown.
 */
export async function ask(
  api: string,
  token: string,
  { method, path, key, name }: { method: 'POST' | 'PATCH'; path: string; key: string; name: string },
): Promise<Reply> {
  const from = performance.now();
  const ended = (outcome: Outcome, status: number, body = {}) => ({
    outcome,
    status,
    body,
    from,
    to: performance.now(),
  });
  try {
    const response = await fetch(new URL(path, api), {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': key,
      },
      body: JSON.stringify({ name }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const body = (await response.json()) as Record<string, unknown>;
    return ended(verdict(response.status, body), response.status, body);
  } catch {
    return ended('unknown', 0);
  }
}

function verdict(status: number, body: Record<string, unknown>): Outcome {
  if (status >= 200 && status < 300) return 'acknowledged';
  const saysSo = typeof body['error'] === 'string' && typeof body['message'] === 'string';
  return saysSo && (status < 500 || status === 503) ? 'refused' : 'unknown';
}
