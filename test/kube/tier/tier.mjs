// The Kubernetes tier from start to end.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { megabytes } from '../../../scripts/image-content.mjs';
import { root, toolEnvironment } from '../../../scripts/node24.mjs';
import { seconds } from '../../../scripts/test/outcome.mjs';
import { Box, toolPath, writeSchemas } from './box.mjs';
import { defectChecks } from './defects.mjs';
import { makeImages, releases } from './images.mjs';
import { Installation } from './installation.mjs';
import { admitted, liveChecks } from './live.mjs';
import { Hopeless, Report } from './report.mjs';
import { staticChecks } from './static.mjs';
import { valueSets } from './chart.mjs';

async function environment() {
  const tools = toolEnvironment();
  return { ...tools, PATH: `${await toolPath()}:${tools.PATH}` };
}

async function makeAndLoad(report, box, folder) {
  const images = await makeImages(folder);
  for (const { out } of Object.values(images)) await box.load(out);
  const { size, layers } = images.first;
  const parts = layers.map(({ label, size: bytes }) => `${label} ${megabytes(bytes)}`).join(', ');
  report.say(`image: ${megabytes(size)} (${parts}); what a release changes is in the last`);
}

async function clusterChecks(report, { box, env, schemas, folder }) {
  await report.must('cluster', 'comes up', async () => void (await box.up()));
  let services;
  await report.must('cluster', 'has a Postgres, a Kafka and a Redis', async () => {
    services = await box.services();
  });
  await report.must('image', 'is made without a container engine and taken by the cluster', () =>
    makeAndLoad(report, box, folder),
  );
  const installation = new Installation({ box, services, folder });
  await installation.makeNamespace();
  for (const { name, flags } of valueSets())
    await report.check(
      'admission',
      name,
      async () => void (await admitted(installation, env, undefined, flags)),
    );
  await liveChecks(report, installation);
  await defectChecks(report, { box, services, env, schemas, folder });
}

/** All of it, or only what needs no cluster. When something failed, the logs of the cluster stay. */
export async function kubeTier({ onlyStatic = false } = {}) {
  const begun = performance.now();
  const report = new Report();
  mkdirSync(join(root, '.cache'), { recursive: true });
  const folder = mkdtempSync(join(root, '.cache', 'kube-'));
  const box = new Box(join(folder, 'box'));
  try {
    const env = await environment();
    const schemas = join(folder, 'schemas');
    await writeSchemas(schemas);
    await staticChecks(report, env, schemas);
    if (!onlyStatic) await clusterChecks(report, { box, env, schemas, folder });
  } catch (error) {
    // A step that everything else needs has said already why it failed.
    if (!(error instanceof Hopeless)) await report.check('tier', 'goes on', () => Promise.reject(error));
  } finally {
    await report.check('cluster', 'goes down', () => box.down().then(() => undefined));
    if (report.failed === 0) rmSync(folder, { recursive: true, force: true });
    else report.say(`logs of the cluster and its pods: ${join(box.folder, 'log')}`);
  }
  report.say(`in ${seconds(performance.now() - begun)}, releases ${Object.values(releases).join(', ')}`);
  return report.outcome;
}
