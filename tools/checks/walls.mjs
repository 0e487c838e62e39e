// Shows that every wall between the rooms holds: the linter must refuse code that would break it, and accept code that is
// allowed. A rule that is skipped silently (as the boundary rule is without nx's graph) fails here.
import { ESLint } from 'eslint';
import { createProjectGraphAsync } from 'nx/src/project-graph/project-graph.js';

const WALL = '@nx/enforce-module-boundaries';
const ours = (name) => `import * as it from '@backup-awareness/${name}';\nexport { it };\n`;
const from = (name) => `import * as it from '${name}';\nexport { it };\n`;

/** [what is tried, file, code, the rule that must refuse it (null: it is allowed)] */
const CASES = [
  ['an app may use an adapter', 'apps/ingest/src/x.ts', ours('database'), null],
  ['app → app', 'apps/ingest/src/x.ts', from('../../audit/src/main.js'), WALL],
  ['app → testing', 'apps/ingest/src/x.ts', ours('testing'), WALL],
  [
    'the installation may use local servers',
    'apps/all-in-one/src/x.ts',
    ours('local-servers'),
    null,
  ],
  ['installation → app', 'apps/all-in-one/src/x.ts', from('../../audit/src/main.js'), WALL],
  [
    'installation → tools',
    'apps/all-in-one/src/x.ts',
    from('../../../tools/setup/build.mjs'),
    WALL,
  ],
  ['local servers → adapter', 'libs/local-servers/src/x.ts', ours('database'), WALL],
  [
    'local servers → tools',
    'libs/local-servers/src/x.ts',
    from('../../../tools/setup/build.mjs'),
    WALL,
  ],
  ['the tools may use local servers', 'tools/src/x.ts', ours('local-servers'), null],
  ['a trial may use local servers', 'chaos/src/x.ts', ours('local-servers'), null],
  ['a trial may use the installation', 'bench/src/x.ts', ours('all-in-one'), null],
  ['trial → sources', 'bench/src/x.ts', from('../../libs/local-servers/src/index.js'), WALL],
  ['trial → app', 'bench/src/x.ts', from('../../apps/audit/src/main.js'), WALL],
  ['an app may use the read model', 'apps/cli/src/x.ts', ours('overview/state'), null],
  [
    'the read model may use an adapter',
    'libs/overview/src/x.ts',
    ours('database/connection'),
    null,
  ],
  ['the read model may use the core', 'libs/overview/src/x.ts', ours('freshness'), null],
  ['read model → app', 'libs/overview/src/x.ts', from('../../../apps/cli/src/main.js'), WALL],
  ['read model → testing', 'libs/overview/src/x.ts', ours('testing'), WALL],
  ['adapter → read model', 'libs/database/src/x.ts', ours('overview/state'), WALL],
  ['core → read model', 'libs/freshness/src/x.ts', ours('overview/state'), WALL],
  ['command → command', 'apps/cli/src/commands/x.ts', from('./status.js'), 'no-restricted-imports'],
  [
    'what commands share → command',
    'apps/cli/src/words/x.ts',
    from('../commands/status.js'),
    'no-restricted-imports',
  ],
  ['a spec may use testing', 'apps/ingest/src/x.spec.ts', ours('testing'), null],
  [
    'an app’s test folder may use testing',
    'apps/engine-backup-shim/test/x.ts',
    ours('testing'),
    null,
  ],
  ['an adapter may use the contracts', 'libs/messaging/src/x.ts', ours('contracts'), null],
  ['adapter → adapter', 'libs/messaging/src/x.ts', ours('service'), WALL],
  ['adapter → core', 'libs/database/src/x.ts', ours('freshness'), WALL],
  ['contracts → adapter', 'libs/contracts/src/x.ts', ours('database'), WALL],
  ['contracts → core', 'libs/contracts/src/x.ts', ours('freshness'), WALL],
  ['page → adapter', 'apps/console-web/src/x.ts', ours('database'), WALL],
  ['page → app', 'apps/console-web/src/x.ts', from('../../console/src/main.js'), WALL],
  ['core → contracts', 'libs/freshness/src/x.ts', ours('contracts'), WALL],
  ['core → package', 'libs/freshness/src/x.ts', from('pg'), WALL],
  ['core → node:fs', 'libs/freshness/src/x.ts', from('node:fs'), 'no-restricted-imports'],
  ['core → fs', 'libs/freshness/src/x.ts', from('fs'), 'no-restricted-imports'],
  [
    'core: process',
    'libs/freshness/src/x.ts',
    'export const x = process.pid;\n',
    'no-restricted-globals',
  ],
  ['core: timers', 'libs/freshness/src/x.ts', 'setTimeout(() => 1, 1);\n', 'no-restricted-globals'],
  [
    'core: new Date()',
    'libs/freshness/src/x.ts',
    'export const x = new Date();\n',
    'no-restricted-syntax',
  ],
  [
    'core: Date.now()',
    'libs/freshness/src/x.ts',
    'export const x = Date.now();\n',
    'no-restricted-syntax',
  ],
  [
    'core: Math.random()',
    'libs/freshness/src/x.ts',
    'export const x = Math.random();\n',
    'no-restricted-syntax',
  ],
  ['the simulation may use the core', 'simulation/src/x.ts', ours('freshness'), null],
  ['simulation → app', 'simulation/src/x.ts', from('../../apps/audit/src/main.js'), WALL],
  [
    'naive model → core',
    'simulation/src/naive-model.ts',
    ours('freshness'),
    '@typescript-eslint/no-restricted-imports',
  ],
  [
    'the core may read an instant',
    'libs/freshness/src/x.ts',
    'export const x = new Date(0);\n',
    null,
  ],
];

const graph = await createProjectGraphAsync({ exitOnError: true });
const untagged = Object.values(graph.nodes).filter(
  ({ data }) => data.root !== '.' && !data.tags?.some((tag) => tag.startsWith('type:')),
);
const failures = untagged.map(({ name }) => `${name} has no type: tag, and so no walls`);

const eslint = new ESLint();
for (const [what, filePath, code, rule] of CASES) {
  const [{ messages }] = await eslint.lintText(code, { filePath });
  const errors = messages.filter(({ severity }) => severity === 2).map(({ ruleId }) => ruleId);
  const holds = rule === null ? errors.length === 0 : errors.includes(rule);
  process.stdout.write(`${holds ? 'ok  ' : 'FAIL'} ${what}\n`);
  if (!holds)
    failures.push(`${what}: expected ${rule ?? 'no error'}, got ${errors.join(', ') || 'none'}`);
}

for (const failure of failures) process.stderr.write(`${failure}\n`);
process.exit(failures.length === 0 ? 0 : 1);
