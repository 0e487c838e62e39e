import nx from '@nx/eslint-plugin';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';
import { builtinModules } from 'node:module';

/** The walls of the house (docs/architecture.md): app → read model → adapter → contracts; the core and the contracts import nothing of ours. */
const WALLS = [
  {
    sourceTag: 'type:app',
    onlyDependOnLibsWithTags: ['type:read-model', 'type:adapter', 'type:contracts', 'type:core'],
  },
  {
    sourceTag: 'type:read-model',
    onlyDependOnLibsWithTags: ['type:adapter', 'type:contracts', 'type:core'],
  },
  { sourceTag: 'type:adapter', onlyDependOnLibsWithTags: ['type:contracts'] },
  { sourceTag: 'type:contracts', onlyDependOnLibsWithTags: ['type:nothing-of-ours'] },
  {
    sourceTag: 'type:core',
    onlyDependOnLibsWithTags: ['type:nothing-of-ours'],
    bannedExternalImports: ['*'],
  },
  {
    sourceTag: 'type:tool',
    onlyDependOnLibsWithTags: ['type:adapter', 'type:contracts', 'type:installation'],
  },
  {
    sourceTag: 'type:trial',
    onlyDependOnLibsWithTags: [
      ...['type:adapter', 'type:contracts', 'type:testing'],
      // What `npm start` brings up, to be put on trial.
      'type:installation',
    ],
  },
  // What it knows of the product, it knows from the API's document.
  { sourceTag: 'type:page', onlyDependOnLibsWithTags: ['type:nothing-of-ours'] },
  { sourceTag: 'type:simulation', onlyDependOnLibsWithTags: ['type:core', 'type:adapter'] },
  { sourceTag: 'type:testing', onlyDependOnLibsWithTags: ['type:adapter', 'type:contracts'] },
];

/** What a spec may reach beside that: real brokers and databases. */
const WALLS_OF_SPECS = WALLS.map((wall) => ({
  ...wall,
  onlyDependOnLibsWithTags: [...wall.onlyDependOnLibsWithTags, 'type:testing'],
  bannedExternalImports: [],
}));

const boundaries = (depConstraints, ignoredCircularDependencies = []) => ({
  '@nx/enforce-module-boundaries': [
    'error',
    {
      allow: [],
      enforceBuildableLibDependency: false,
      depConstraints,
      ignoredCircularDependencies,
    },
  ],
});

/** An adapter's specs need the real broker or database that testing brings up with that very adapter; what is shipped has no circle. */
const CIRCLES_OF_SPECS = [
  ['@backup-awareness/messaging', '@backup-awareness/testing'],
  ['@backup-awareness/database', '@backup-awareness/testing'],
  ['@backup-awareness/local-servers', '@backup-awareness/testing'],
];

const SPECS = [
  '**/*.spec.ts',
  '**/*.interop.ts',
  '**/src/spec/**/*.ts',
  'apps/*/test/**/*.ts',
  'e2e/src/**/*.ts',
];

const builtins = [...builtinModules, ...builtinModules.map((name) => `node:${name}`)];

/** The core knows no I/O and no clock: time and ids come in as arguments. */
const PURE = {
  'no-restricted-imports': ['error', { paths: builtins, patterns: ['node:*'] }],
  'no-restricted-globals': [
    'error',
    ...['process', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'fetch'],
    ...['performance', 'console', 'crypto', 'Buffer', 'require', 'globalThis'],
  ],
  'no-restricted-syntax': [
    'error',
    {
      selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
      message: 'The core has no clock: take the instant as an argument.',
    },
    {
      selector: 'CallExpression[callee.object.name="Date"][callee.property.name="now"]',
      message: 'The core has no clock: take the instant as an argument.',
    },
    {
      selector: 'CallExpression[callee.name="Date"]',
      message: 'The core has no clock: take the instant as an argument.',
    },
    {
      selector: 'CallExpression[callee.object.name="Math"][callee.property.name="random"]',
      message: 'The core draws no lots: take the value as an argument.',
    },
    { selector: 'ImportExpression', message: 'The core imports nothing at run time.' },
  ],
};

/** What judges the decision calls nothing of it. */
const INDEPENDENT = {
  '@typescript-eslint/no-restricted-imports': [
    'error',
    {
      patterns: [
        {
          group: ['@backup-awareness/*'],
          allowTypeImports: true,
          message: 'The naive model is a second opinion: it has nothing of the product but types.',
        },
      ],
    },
  ],
};

/** A command is loaded where it is named, and brings no other along; what commands share is in rooms that know of none. */
const noCommands = (regex) => ({
  'no-restricted-imports': [
    'error',
    { patterns: [{ regex, message: 'A command is imported by program.ts alone.' }] },
  ],
});

/** amqplib keeps its own references to what header-guard.ts wraps, if anything loads it before. */
const AMQPLIB_BY_ITS_GUARD = {
  '@typescript-eslint/no-restricted-imports': [
    'error',
    {
      paths: [
        { name: 'amqplib', allowTypeImports: true, message: 'Import it from connection/amqp.ts.' },
      ],
    },
  ],
};

/** What Node loads for `fetch` would take 7 MiB of a supervisor for as long as it runs. */
const NO_FETCH = {
  'no-restricted-globals': ['error', { name: 'fetch', message: 'Ask by httpGet.' }],
};

export default tseslint.config(
  {
    ignores: [
      ...['**/dist', '**/node_modules', '.nx', '**/jest.config.js'],
      // Generated from docs/openapi.json.
      'apps/console-web/src/api/schema.d.ts',
    ],
  },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx', '**/*.js', '**/*.mjs'],
    languageOptions: {
      // Without these the rule on type imports takes classes that Nest injects for types.
      parserOptions: { emitDecoratorMetadata: true, experimentalDecorators: true },
    },
    plugins: { '@nx': nx },
    rules: {
      ...boundaries(WALLS),
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
    },
  },
  { files: SPECS, rules: boundaries(WALLS_OF_SPECS, CIRCLES_OF_SPECS) },
  { files: ['libs/testing/src/**/*.ts'], rules: boundaries(WALLS_OF_SPECS, CIRCLES_OF_SPECS) },
  { files: ['libs/freshness/src/**/*.ts'], ignores: SPECS, rules: PURE },
  {
    files: [
      'libs/{messaging,overview,service}/src/**/*.ts',
      'apps/{ingest,audit,freshness-checker,notifier,console,cli}/src/**/*.ts',
    ],
    ignores: [...SPECS, 'libs/messaging/src/connection/amqp.ts'],
    rules: AMQPLIB_BY_ITS_GUARD,
  },
  { files: ['{apps/all-in-one,libs/local-servers}/src/**/*.ts'], ignores: SPECS, rules: NO_FETCH },
  { files: ['apps/console-web/src/**/*.{ts,tsx}'], ...reactHooks.configs.flat.recommended },
  { files: ['apps/cli/src/commands/*.ts'], rules: noCommands('^\\./[^/]+$') },
  { files: ['apps/cli/src/{words,output,installation}/**'], rules: noCommands('/commands/') },
  {
    files: [
      ...['naive-model', 'biography', 'counted-at', 'telling', 'timeline'],
      ...['coverage-model/any-life', 'coverage-model/naive-cover'],
    ].map((name) => `simulation/src/${name}.ts`),
    rules: INDEPENDENT,
  },
);
