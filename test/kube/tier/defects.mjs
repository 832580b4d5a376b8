// The tier against itself: charts with one defect each. Each must be caught, and by the first layer that can.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chart, conform, lint, template, valueSets } from './chart.mjs';
import { Installation } from './installation.mjs';
import { admitted, answers } from './live.mjs';
import { releases } from './images.mjs';
import { keptRules } from './static.mjs';

/** Puts one text in the place of another, in a copy of the chart. */
const edit = (file, from, to) => (folder) => {
  const path = join(folder, 'templates', file);
  const text = readFileSync(path, 'utf8');
  if (!text.includes(from)) throw new Error(`${file} has no ${from}: the defect is not planted`);
  writeFileSync(path, text.replaceAll(from, to));
};

export const defects = [
  {
    name: 'a misspelt security field',
    plant: edit('_helpers.tpl', 'readOnlyRootFilesystem: true', 'readOnlyRootFileSystem: true'),
    caughtBy: 'schema',
    because: /readOnlyRootFileSystem/,
  },
  {
    name: 'a probe on a wrong port',
    plant: edit('_service.tpl', 'path: /health/ready, port: http', 'path: /health/ready, port: 7421'),
    caughtBy: 'rules',
    because: /asks port 7421/,
  },
  {
    name: 'a Service that names no port of its pods',
    plant: edit('_service.tpl', 'targetPort: http', 'targetPort: web'),
    caughtBy: 'rules',
    because: /port web/,
  },
  {
    name: 'a Secret that the chart does not make',
    plant: edit(
      '_env.tpl',
      '(include "tidemark.secret.own" .) "operator-token"',
      '"absent" "operator-token"',
    ),
    caughtBy: 'rules',
    because: /Secret absent/,
  },
  {
    name: 'a keys file that nobody makes',
    plant: edit(
      '_helpers.tpl',
      '(printf "%s-keys" (include "tidemark.fullname" .)) .Values',
      '"absent-keys" .Values',
    ),
    caughtBy: 'rules',
    because: /Secret absent-keys/,
  },
  {
    name: 'a missing Secret of the operator',
    flags: ['--set', 'secrets.existingSecret=given-own'],
    caughtBy: 'install',
    because: /given-own/,
    timeout: '25s',
  },
  {
    name: 'a network policy that forbids a needed edge',
    plant: edit(
      'network-policies.yaml',
      '{{- range $name := list "orgs" "branches" "snapshots" "audit" }}\n    {{- include "tidemark.edge.service"',
      '{{- range $name := list "branches" "snapshots" "audit" }}\n    {{- include "tidemark.edge.service"',
    ),
    caughtBy: 'request',
    because: /UNAVAILABLE/,
  },
];

/** The layers in the order in which the tier has them, each as something that throws. */
function layersFor({ env, schemas, installation, flags = [], timeout }) {
  const { from } = installation;
  const minimal = [...valueSets().find(({ name }) => name === 'minimal').flags, ...flags];
  const rendered = () => template(env, from, minimal);
  return [
    ['lint', () => lint(env, from, minimal)],
    ['template', rendered],
    ['schema', async () => conform(env, schemas, await rendered())],
    ['rules', async () => keptRules(await rendered())],
    [
      'admission',
      async () => {
        await installation.makeNamespace();
        await admitted(installation, env, from, minimal);
      },
    ],
    ['install', () => installation.install(releases.first, timeout, ...flags)],
    ['request', () => answers(installation)],
  ];
}

/** The layer that caught it and what it said; neither when none did. */
async function firstToCatch(layers) {
  for (const [layer, tries] of layers) {
    try {
      await tries();
    } catch (error) {
      return { layer, said: error.message };
    }
  }
  return { layer: 'no layer', said: '' };
}

/** By the right layer and for the right reason: a machine that is slow catches nothing. */
async function mustBeCaught(defect, parts, installation) {
  const { layer, said } = await firstToCatch(layersFor({ ...parts, ...defect, installation }));
  const all = layer === 'install' ? `${said}\n${await installation.state()}` : said;
  if (layer !== defect.caughtBy || !defect.because.test(all))
    throw new Error(`was caught by ${layer}: ${all}`);
}

/** The cluster ends soon: nobody waits until the pods have. */
async function cleared(installation) {
  await installation.release('uninstall', 'tidemark', '--ignore-not-found');
  await installation.kubectl('delete', 'namespace', installation.namespace, '--wait=false');
}

export async function defectChecks(report, { box, services, env, schemas, folder }) {
  for (const [index, defect] of defects.entries()) {
    const from = join(folder, `defect-${index}`);
    cpSync(chart, from, { recursive: true });
    const installation = new Installation({ box, services, folder, namespace: `defect-${index}`, from });
    await report.check('planted', `${defect.name} is caught by the layer ${defect.caughtBy}`, async () => {
      defect.plant?.(from);
      try {
        await mustBeCaught(defect, { env, schemas }, installation);
      } finally {
        if (installation.hasNamespace) await cleared(installation);
      }
    });
  }
}
