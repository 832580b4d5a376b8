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
  },
  {
    name: 'a probe on a wrong port',
    plant: edit('_service.tpl', 'path: /health/ready, port: http', 'path: /health/ready, port: 7421'),
    caughtBy: 'rules',
  },
  {
    name: 'a Service that names no port of its pods',
    plant: edit('_service.tpl', 'targetPort: http', 'targetPort: web'),
    caughtBy: 'rules',
  },
  {
    name: 'a Secret that the chart does not make',
    plant: edit(
      '_env.tpl',
      '(include "tidemark.secret.own" $root) "operator-token"',
      '"absent" "operator-token"',
    ),
    caughtBy: 'rules',
  },
  {
    name: 'a missing Secret of the operator',
    flags: ['--set', 'secrets.existingSecret=given-own'],
    caughtBy: 'install',
  },
  {
    name: 'a network policy that forbids a needed edge',
    plant: edit(
      'network-policies.yaml',
      '{{- range $name := list "orgs" "audit" }}\n    {{- include "tidemark.edge.service"',
      '{{- range $name := list "audit" }}\n    {{- include "tidemark.edge.service"',
    ),
    caughtBy: 'request',
  },
];

/** The layers in the order in which the tier has them, each as something that throws. */
function layersFor({ env, schemas, installation, flags = [] }) {
  const { from } = installation;
  const minimal = [...valueSets().find(({ name }) => name === 'minimal').flags, ...flags];
  const rendered = () => template(env, from, minimal);
  return [
    ['lint', () => lint(env, from, minimal)],
    ['template', rendered],
    ['schema', async () => conform(env, schemas, await rendered())],
    ['rules', async () => keptRules(await rendered())],
    ['admission', () => admitted(installation, env, from, minimal)],
    ['install', () => installation.install(releases.first, '45s', ...flags)],
    ['request', () => answers(installation)],
  ];
}

/** The layer that caught it, or undefined. */
async function firstToCatch(layers) {
  for (const [name, tries] of layers) {
    try {
      await tries();
    } catch {
      return name;
    }
  }
  return undefined;
}

export async function defectChecks(report, { box, services, env, schemas, folder }) {
  for (const [index, { name, plant, flags, caughtBy }] of defects.entries()) {
    const from = join(folder, `defect-${index}`);
    cpSync(chart, from, { recursive: true });
    const installation = new Installation({ box, services, folder, namespace: `defect-${index}`, from });
    await report.check('planted', `${name} is caught by the layer ${caughtBy}`, async () => {
      plant?.(from);
      await installation.makeNamespace();
      try {
        const caught = await firstToCatch(layersFor({ env, schemas, installation, flags }));
        if (caught !== caughtBy)
          throw new Error(`was caught by ${caught ?? 'no layer'}\n${await installation.state()}`);
      } finally {
        await installation.release(
          'uninstall',
          'tidemark',
          '--ignore-not-found',
          '--wait',
          '--timeout',
          '90s',
        );
        await installation.removeNamespace();
      }
    });
  }
}
