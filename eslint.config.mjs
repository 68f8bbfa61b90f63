import tseslint from 'typescript-eslint';

/** A folder's list of what it may not import. The last matching block wins, so each folder is listed once. */
const ban = (files, group, message) => ({
  files,
  rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns: [{ group, message }] }] },
});

export default tseslint.config(
  { ignores: ['dist/**', 'coverage/**', 'vscode-host/**', 'test-results/**', '**/*.mjs', '**/*.cjs', '**/*.js'] },
  ...tseslint.configs.recommendedTypeChecked,
  { languageOptions: { parserOptions: { project: ['./tsconfig.json', './webviews/tsconfig.json', './test/unit/webviews/tsconfig.json'], tsconfigRootDir: import.meta.dirname } } },
  {
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: false }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'no-restricted-syntax': ['error', { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' }],
      eqeqeq: 'error', curly: 'error', 'no-console': 'error', 'max-lines': ['error', { max: 400, skipComments: true, skipBlankLines: true }],
    },
  },
  ban(['src/base/**'], ['vscode', 'node:*', '**/domain/**', '**/cluster/**', '**/language/**', '**/vscode/**'], 'base imports nothing'),
  ban(['src/domain/**'], ['vscode', 'node:*', '**/cluster/**', '**/language/**', '**/vscode/**'], 'domain is pure'),
  ban(['src/language/**'], ['vscode', 'node:*', '**/cluster/**', '**/vscode/**'], 'language is pure'),
  ban(['src/cluster/**'], ['vscode', '**/language/**', '**/vscode/**'], 'cluster knows no editor'),
  ban(['src/protocol/**'], ['vscode', 'node:*', '../*'], 'protocol is plain types'),
  ban(['src/cli/**', 'test/unit/**', 'test/cluster/**', 'test/contract/**'], ['vscode', '**/vscode/**'], 'runs where there is no editor'),
  ban(['webviews/**'], ['vscode', 'node:*', '**/src/cluster/**', '**/src/language/**', '**/src/vscode/**'], 'webviews see protocol and domain only'),
  // Only report.ts talks to the user, so that every failure is worded in one place.
  {
    files: ['src/vscode/**'], ignores: ['src/vscode/report.ts'],
    rules: { 'no-restricted-properties': ['error', ...['showErrorMessage', 'showWarningMessage', 'showInformationMessage'].map((property) => ({ object: 'window', property, message: 'Use report.ts.' }))] },
  },
  { files: ['test/**', 'scripts/**'], rules: { '@typescript-eslint/no-floating-promises': ['error', { allowForKnownSafeCalls: [{ from: 'package', name: ['test', 'suite', 'describe', 'it'], package: 'node:test' }] }], '@typescript-eslint/no-non-null-assertion': 'off' } },
  { files: ['scripts/**', 'test/cluster/**/main.ts', 'test/bench/**', 'src/cli/**'], rules: { 'no-console': 'off' } },
);
