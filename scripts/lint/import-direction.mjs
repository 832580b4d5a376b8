// An ESLint rule: imports between projects follow layers.mjs, go through a library's front door
// (`@tidemark/<name>`, not a relative path into it), and leave hidden packages alone.
import { dirname, relative, resolve, sep } from 'node:path';
import { root } from '../node24.mjs';
import { forTestsOnly, hidden, mayImport } from './layers.mjs';

const testFile = /\.(spec|contract)\.ts$/;

const fromRoot = (file) => relative(root, file).split(sep).join('/');

/** `libs/orgs/src/x.ts` → `libs/orgs`; `test/e2e/x.ts` and root files → `.`, which is under no rule of layers. */
function projectOf(file) {
  const [group, name] = fromRoot(file).split('/');
  if (group === 'apps' || group === 'libs') return `${group}/${name}`;
  return group === 'bench' ? group : '.';
}

function projectNamed(specifier) {
  const [, name] = /^@tidemark\/([^/]+)/.exec(specifier) ?? [];
  if (!name) return undefined;
  return name.startsWith('app-') ? `apps/${name.slice('app-'.length)}` : `libs/${name}`;
}

function relativeProblem(file, specifier) {
  const target = projectOf(resolve(dirname(file), specifier));
  return target === projectOf(file)
    ? undefined
    : `${target} is another project: import it by its package name`;
}

function packageProblem(file, specifier) {
  const [name] = specifier.match(/^(@[^/]+\/)?[^/]+/) ?? [];
  const owner = hidden.get(name);
  return owner && owner !== projectOf(file) ? `only ${owner} may import ${name}` : undefined;
}

function layerProblem(file, target) {
  const project = projectOf(file);
  const allowed = mayImport.get(project);
  if (target === project) return `${project} imports itself: use a relative path`;
  if (!allowed || allowed.includes(target)) return undefined;
  if (forTestsOnly.includes(target) && testFile.test(file)) return undefined;
  return `${project} may not import ${target} (scripts/lint/layers.mjs)`;
}

export function importProblem(file, specifier) {
  if (specifier.startsWith('.')) return relativeProblem(file, specifier);
  const target = projectNamed(specifier);
  return target ? layerProblem(file, target) : packageProblem(file, specifier);
}

export const importDirection = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const check = ({ source }) => {
      if (typeof source?.value !== 'string') return;
      const message = importProblem(context.filename, source.value);
      if (message) context.report({ node: source, message });
    };
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      TSImportType: check,
    };
  },
};
