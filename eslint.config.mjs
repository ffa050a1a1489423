/** The usual rules for TypeScript, and who may know whom: test -> nodes -> src -> packages. */
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/**
 * What the files of a folder may not import (regular expressions over the path as written) and which globals they may
 * not use. Of several boundaries for one file the last counts alone.
 */
const boundary = (files, patterns, globals = []) => ({
  files,
  rules: {
    '@typescript-eslint/no-restricted-imports': ['error', { patterns }],
    'no-restricted-globals': ['error', ...globals],
  },
});

const tests = { regex: '(^|/)test/', message: 'Only tests import from test/.' };
const nodes = { regex: '(^|/)nodes/', message: 'src/ does not know nodes/.' };
const nodeRed = { regex: '^@?node-red($|/)', message: 'src/ does not know Node-RED.' };
const sandbox = {
  regex: '(^|/)sandbox/',
  message: 'The built-in service is loaded by import() once it is used.',
};
const account = { regex: '(^|/)account/', message: 'src/api is below src/account.' };
const api = {
  regex: '(^|/)api/',
  message: 'The built-in service is the other side of the wire: it does not know src/api.',
};
const plugin = { regex: '(^|/)nanogpt-images/', message: 'The plugin stands on top: no node knows it.' };
const anyNode = {
  regex: '(^|/)nanogpt-[a-z]+/(?!locales/)',
  message: 'nodes/shared knows no node, only the keys of its texts.',
};
const otherNodes = {
  regex: '(^|/)nanogpt-(?!images/)[a-z]+/',
  allowTypeImports: true,
  message: 'Nodes know each other as types only; what two need is in nodes/shared.',
};
const packages = {
  regex: '^(?!node:)[^.]',
  allowTypeImports: true,
  message: 'The editor side runs in the browser, without packages.',
};
const builtins = { regex: '^node:', message: 'The editor side runs in the browser, not in Node.js.' };
const notForForms = {
  regex: '^\\.(?!/(config|dialog/accepted)\\.js$|\\./shared/editor/)',
  message: 'The editor side knows its config.ts, what its dialog accepts and shared/editor only.',
};
const notForDialogs = {
  regex:
    '^\\.\\./(?!config\\.js$|\\.\\./(shared/(editor/|(route-answers|text-keys)\\.js$)|\\.\\./src/api/(models/(price|shutdown)|address|services)\\.js$))',
  message:
    'Dialogs know their config.ts, shared/editor, and of src/ how a price is computed, when a model is about to end, an address is read, and the list of services.',
};
const notForEditor = {
  regex: '^\\.\\.(?!/(money|stored-password|text-keys)\\.js$|/\\.\\./\\.\\./src/api/models/price\\.js$)(/|$)',
  allowTypeImports: true,
  message: 'shared/editor knows itself, how money is written, of src/ how a price is computed, and types.',
};
const notForPlugin = {
  regex:
    '^\\.\\.(?!/(\\.\\./)?shared/(editor/|(route-answers|text-keys)\\.js$)|/\\.\\./\\.\\./src/api/services\\.js$)(/|$)',
  message: "The plugin's editor side knows itself, shared/editor, and of src/ the list of services.",
};
const ofNodeJs = ['Buffer', 'process', 'require', 'module', 'global', '__dirname', 'setImmediate'];

const browserSide = ['nodes/*/editor.ts', 'nodes/*/editor/**', 'nodes/*/dialog/**'];

/** Promise chains whose last handler may throw uncaught, which `no-floating-promises` does not report. */
const unendedChains = [
  'ExpressionStatement',
  'ExpressionStatement > ChainExpression',
  'ExpressionStatement > LogicalExpression',
  ':matches(ExpressionStatement, ArrowFunctionExpression) > UnaryExpression[operator="void"]',
].map((place) => ({
  selector: `${place} > CallExpression[callee.property.name=/^(then|finally)$/]`,
  message: 'End the chain with .catch: what its last handler throws would end Node-RED.',
}));

export default defineConfig(
  { ignores: ['dist/', 'resources/', '.node-red/', 'docs/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { string: true, boolean: true } }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true, allowArray: true, allowRegExp: true },
      ],
      // Interfaces here hold functions that know no `this`, and an async function may be so for its interface alone.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'max-depth': ['error', 3],
      'no-var': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
    },
  },
  { files: ['src/**', 'nodes/**', 'sandbox/**'], ignores: ['sandbox/command.ts'], rules: { 'no-console': 'error' } },
  {
    // A rejection that nobody catches ends Node-RED. `.then(a, b)`
    // catches all but what `a` and `b` throw, `void` nothing.
    files: ['src/**', 'nodes/**', 'sandbox/**'],
    ignores: [...browserSide, 'sandbox/command.ts'],
    rules: {
      '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: false }],
      'no-restricted-syntax': ['error', ...unendedChains],
    },
  },
  {
    files: ['src/**', 'nodes/**', 'sandbox/**', 'scripts/**'],
    rules: {
      'max-lines': ['error', { max: 200, skipComments: true, skipBlankLines: true }],
      // Prettier wraps code, but not comments.
      'max-len': ['error', { code: 1000, comments: 120 }],
    },
  },
  {
    // Tests look into messages and JSON; where they are wrong about the shape, they fail.
    files: ['test/**'],
    rules: Object.fromEntries(
      [
        'no-explicit-any',
        'no-unsafe-argument',
        'no-unsafe-assignment',
        'no-unsafe-call',
        'no-unsafe-member-access',
        'no-unsafe-return',
      ].map((rule) => [`@typescript-eslint/${rule}`, 'off']),
    ),
  },

  // What a node needs once it exists is not loaded at the start of
  // Node-RED, and its constructor cannot wait for an import().
  {
    files: ['nodes/*/nanogpt-*.ts'],
    rules: {
      '@typescript-eslint/no-require-imports': [
        'error',
        { allow: ['/shared/on-message\\.js$', '/src/cluster/read-cluster-settings\\.js$'] },
      ],
    },
  },

  boundary(['src/**'], [tests, nodes, nodeRed, sandbox], ['RED']),
  boundary(['src/api/**'], [tests, nodes, nodeRed, sandbox, account], ['RED']),
  boundary(['sandbox/**'], [tests, nodes, nodeRed, api], ['RED']),
  boundary(['nodes/**'], [tests, sandbox, otherNodes, plugin], ['RED']),
  boundary(['nodes/shared/**'], [tests, sandbox, anyNode], ['RED']),
  // The plugin reads a node and its account as these do themselves.
  boundary(['nodes/nanogpt-images/**'], [tests, sandbox], ['RED']),
  boundary(['nodes/*/editor.ts'], [notForForms, packages, builtins], ofNodeJs),
  boundary(['nodes/*/dialog/**'], [notForDialogs, packages, builtins], ofNodeJs),
  boundary(['nodes/shared/editor/**'], [notForEditor, packages, builtins], ofNodeJs),
  boundary(
    ['nodes/nanogpt-images/editor.ts', 'nodes/nanogpt-images/editor/**'],
    [notForPlugin, packages, builtins],
    ofNodeJs,
  ),

  {
    files: ['**/*.mjs', '**/*.cjs'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'Buffer',
          'URL',
          'clearInterval',
          'clearTimeout',
          'console',
          'fetch',
          'process',
          'setInterval',
          'setTimeout',
        ].map((name) => [name, 'readonly']),
      ),
    },
    rules: {
      'no-undef': 'error',
      '@typescript-eslint/prefer-nullish-coalescing': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': 'off',
    },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: { globals: { __dirname: 'readonly', module: 'writable', require: 'readonly' } },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);
