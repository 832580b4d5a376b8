// node load.mjs URL FILE: people who work while something else happens, until stdin ends.
//
// Each makes an organization and renames it again and again, reading it in between; half of them on kept connections,
// half on a new one for each request. What was acknowledged is written to FILE, to be compared with the audit.
import { createWriteStream } from 'node:fs';
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

const [url, file] = process.argv.slice(2);
const token = process.env.TIDEMARK_OPERATOR_TOKEN;
const pauseMs = 25;
const people = 8;

const acknowledged = createWriteStream(file);
const count = { requests: 0, failed: 0, failures: {} };
let working = true;
process.stdin.on('end', () => (working = false)).resume();

function ask(agent, method, path, body) {
  return new Promise((done, fail) => {
    const asked = request(url + path, {
      method,
      agent,
      timeout: 20_000,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body && { 'content-type': 'application/json' }),
      },
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer within 20 s')));
    asked.on('error', fail);
    asked.on('response', (response) => {
      let text = '';
      response.on('data', (chunk) => (text += chunk));
      response.on('error', fail);
      response.on('end', () =>
        done({ status: response.statusCode, text, id: response.headers['x-request-id'] }),
      );
    });
    asked.end(body && JSON.stringify(body));
  });
}

function missed(reason) {
  count.failed++;
  count.failures[reason] = (count.failures[reason] ?? 0) + 1;
}

/** The parsed answer, or undefined when it was not the wanted one; nothing is asked twice. */
async function wanted(status, agent, method, path, body) {
  count.requests++;
  try {
    const answer = await ask(agent, method, path, body);
    if (answer.status !== status) return missed(`${method} ${answer.status} ${answer.text.slice(0, 200)}`);
    if (method !== 'GET') acknowledged.write(`${JSON.parse(answer.text).id} ${answer.id}\n`);
    return JSON.parse(answer.text);
  } catch (error) {
    return missed(`${method} ${error.code ?? error.message}`);
  } finally {
    await pause(pauseMs);
  }
}

async function person(number) {
  const agent = number % 2 ? new Agent({ keepAlive: true, maxSockets: 1 }) : new Agent({ keepAlive: false });
  while (working) {
    const org = await wanted(201, agent, 'POST', '/api/v1/organizations', { name: `Person ${number}` });
    for (let n = 1; org && working && n <= 20; n++) {
      const path = `/api/v1/organizations/${org.id}`;
      const renamed = await wanted(200, agent, 'PATCH', path, { name: `Name ${n}` });
      const read = await wanted(200, agent, 'GET', path);
      if (renamed && read && read.name !== `Name ${n}`) missed('read an older name than was written');
    }
  }
  agent.destroy();
}

await Promise.all(Array.from({ length: people }, (_, number) => person(number)));
acknowledged.end(() => process.stdout.write(JSON.stringify(count)));
