// The gates R26 and R27 over what a whole tier has left behind.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  canariesIn,
  Findings,
  lookAtDatabase,
  lookAtFiles,
  lookAtMetrics,
  told,
} from './search-for-canaries.mjs';

const HEALTH = /^tidemark service name=(?:orgs|branches|snapshots|audit|gateway) .* health=(\S+)$/;

/** Looks at what runs, stops it, looks at what lies there; tells what is wrong and how the product ended. */
export async function searchForCanaries({ url, folder, data, services, stop }) {
  const findings = new Findings(canariesIn(join(folder, 'canaries.ndjson')));
  try {
    const processes = services.map((line) => HEALTH.exec(line)?.[1]).filter(Boolean);
    await lookAtMetrics(findings, new Set([url, ...processes]));
    await lookAtDatabase(findings, databaseUrl(join(data, 'postgres', 'cluster')));
  } catch (error) {
    await stop();
    throw error;
  }
  const code = await stop();
  await lookAtFiles(findings, data);
  findings.look('log of the product', readFileSync(join(folder, 'product.log')));
  return { code, stopped: verdict(findings) };
}

function verdict(findings) {
  const { canaries, bytes, places } = findings;
  if (canaries.length === 0) return undefined;
  const count = (...kinds) => canaries.filter(({ kind }) => kinds.includes(kind)).length;
  const looked = `places=${places} bytes=${bytes}`;
  const [secrets, documents] = [findings.of('secret', 'personal'), findings.of('document')];
  process.stdout.write(
    `GATE R26 hits=${secrets.length} canaries=${count('secret', 'personal')} ${looked}\n` +
      `GATE R27 canaries=${count('document')} hits=${documents.length} ${looked}\n`,
  );
  if (findings.unseen.length > 0) return `The search has not looked: ${findings.unseen.join('; ')}`;
  if (findings.hits.length === 0) return undefined;
  return `What must not be found was found:\n${told(findings).join('\n')}`;
}

function databaseUrl(cluster) {
  const password = readFileSync(join(cluster, 'superuser.password'), 'utf8').trim();
  const port = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[3];
  return `postgres://postgres:${password}@127.0.0.1:${port}/tidemark`;
}
