// node audited.mjs URL FILE: FILE has lines `<organization> <request id>` of acknowledged changes. Each must have exactly
// one entry in the audit; waits until the audit has followed, and names what is missing.
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const [url, file] = process.argv.slice(2);
const headers = { authorization: `Bearer ${process.env.TIDEMARK_OPERATOR_TOKEN}` };

const wanted = new Map();
for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
  const [org, request] = line.split(' ');
  wanted.set(org, [...(wanted.get(org) ?? []), request]);
}

async function entriesOf(org) {
  const ids = [];
  for (let after = '0'; after !== '';) {
    const response = await fetch(`${url}/api/v1/organizations/${org}/audit?limit=200&after=${after}`, {
      headers,
    });
    const page = await response.json();
    if (!response.ok) throw new Error(JSON.stringify(page));
    // A new organization comes with its first project: two entries, of which one is of the organization.
    const own = page.items.filter(({ action }) => action.startsWith('organization.'));
    ids.push(...own.map(({ requestId }) => requestId));
    after = page.next ?? '';
  }
  return ids;
}

const deadline = Date.now() + 60_000;
const wrong = [];
for (const [org, requests] of wanted) {
  for (;;) {
    const entries = await entriesOf(org);
    const missing = requests.filter((id) => entries.filter((entry) => entry === id).length !== 1);
    if (missing.length === 0) break;
    if (Date.now() > deadline) {
      wrong.push(...missing.map((id) => `${org} ${id}`));
      break;
    }
    await pause(200);
  }
}
if (wrong.length > 0) {
  process.stderr.write(`not exactly once in the audit: ${wrong.length}\n${wrong.slice(0, 20).join('\n')}\n`);
  process.exitCode = 1;
}
