import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import { importDirection } from './scripts/lint/import-direction.mjs';

const environment = 'Only libs/runtime/src/config reads the environment; take configuration as an argument.';

const readsEnvironment = [
  { selector: "MemberExpression[object.name='process'][property.name='env']", message: environment },
  { selector: "MemberExpression[object.property.name='process'][property.name='env']", message: environment },
  { selector: "VariableDeclarator[init.name='process'] Property[key.name='env']", message: environment },
  {
    selector: "ImportDeclaration[source.value=/^(node:)?process$/] ImportSpecifier[imported.name='env']",
    message: environment,
  },
];

const leavesTestsOut = [
  {
    selector:
      'MemberExpression[object.name=/^(it|test|describe)$/][property.name=/^(skip|only|todo|failing)$/]',
    message: 'A test runs or is deleted.',
  },
  {
    selector: 'CallExpression[callee.name=/^[xf](it|test|describe)$/]',
    message: 'A test runs or is deleted.',
  },
];

// ESLint runs on the pinned Node, so what is global here is global in the scripts.
const nodeGlobals = Object.fromEntries(
  Object.getOwnPropertyNames(globalThis).map((name) => [name, 'readonly']),
);

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.nx/**', '.cache/**', '.tidemark/**', '**/fixtures/**'] },
  {
    // A comment cannot switch a rule off.
    linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' },
    plugins: { tidemark: { rules: { 'import-direction': importDirection } } },
    rules: {
      ...js.configs.recommended.rules,
      eqeqeq: 'error',
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'] }],
      'no-restricted-syntax': ['error', ...leavesTestsOut],
      'max-lines': ['error', { max: 500, skipBlankLines: true, skipComments: true }],
      'tidemark/import-direction': 'error',
    },
  },
  { files: ['**/*.mjs'], languageOptions: { globals: nodeGlobals } },
  {
    files: ['**/*.cjs'],
    languageOptions: { sourceType: 'commonjs', globals: { module: 'writable', require: 'readonly' } },
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'no-undef': 'off',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // A method that answers a port's promise may have nothing to wait for.
      '@typescript-eslint/require-await': 'off',
      // Nest modules are classes that only carry a decorator.
      '@typescript-eslint/no-extraneous-class': 'off',
    },
  },
  {
    // A test reads parsed replies and rows of unknown shape; its expectations say what they must be.
    files: ['**/*.{spec,contract}.ts', 'test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['apps/**/*.{ts,tsx}', 'libs/**/*.ts'],
    ignores: ['libs/runtime/src/config/**', 'libs/testing/**', '**/*.spec.ts'],
    rules: { 'no-restricted-syntax': ['error', ...leavesTestsOut, ...readsEnvironment] },
  },
);
