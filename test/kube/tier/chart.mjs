// The chart and the sets of values that it is held against.
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { root } from '../../../scripts/node24.mjs';
import { run } from './run.mjs';

export const chart = join(root, 'deploy', 'helm', 'tidemark');

const folder = join(import.meta.dirname, '..', 'values');

/** Each with its name and the flags by which Helm reads it. */
export const valueSets = () => [
  ...readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => ({ name: basename(file, '.yaml'), flags: ['--values', join(folder, file)] })),
  { name: 'trial', flags: ['--values', join(chart, 'values-trial.yaml')] },
];

export const template = (env, from, flags, namespace = 'tidemark') =>
  run(['helm', 'template', 'tidemark', from, '--namespace', namespace, ...flags], { env });

export const lint = (env, from, flags) => run(['helm', 'lint', '--strict', from, ...flags], { env });

export const conform = (env, schemas, text) =>
  run(
    [
      'kubeconform',
      '-strict',
      '-summary',
      '-schema-location',
      join(schemas, '{{ .ResourceKind }}{{ .KindSuffix }}.json'),
      '-',
    ],
    { env, input: text },
  );
