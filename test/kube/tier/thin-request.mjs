// node thin-request.mjs URL: makes an organization through the gateway and waits for its entry in the audit.
import { setTimeout as pause } from 'node:timers/promises';

const [url] = process.argv.slice(2);
const headers = {
  authorization: `Bearer ${process.env.TIDEMARK_OPERATOR_TOKEN}`,
  'content-type': 'application/json',
};

async function ask(method, path, body) {
  const response = await fetch(url + path, {
    method,
    headers,
    signal: AbortSignal.timeout(15_000),
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return JSON.parse(text);
}

/** Pods are ready a moment before the node's rules send anybody to them. */
async function reachable() {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const answered = await fetch(`${url}/health/live`, { signal: AbortSignal.timeout(5_000) }).then(
      () => true,
      (error) => {
        if (Date.now() > deadline) throw error;
      },
    );
    if (answered) return;
    await pause(100);
  }
}

await reachable();
const { id } = await ask('POST', '/api/v1/organizations', { name: 'Thin' });
const deadline = Date.now() + 30_000;
for (;;) {
  const { items } = await ask('GET', `/api/v1/organizations/${id}/audit`);
  if (items.length > 0) break;
  if (Date.now() > deadline) throw new Error('the audit has heard nothing of it within 30 s');
  await pause(100);
}
process.stdout.write('a write and its audit entry');
