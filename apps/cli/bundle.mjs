// Builds the single file that runs `check`: a monitoring system calls it every minute or so, and loading it takes half the time
// of loading some hundred. All other commands run the compiled files.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** What only other commands need is left out. */
const onlyCheck = {
  name: 'only-check',
  setup({ onResolve, onLoad }) {
    // It wraps functions of amqplib's own files that read messages; `check` reads none.
    onLoad({ filter: /\/header-guard\.ts$/ }, () => ({ contents: '' }));
    const loaded = /^\.\/commands\/|^@backup-awareness\/database\/(administration|data-source)$/;
    onResolve({ filter: loaded }, ({ kind, path }) =>
      kind === 'dynamic-import' && path !== './commands/check.js'
        ? { path, external: true }
        : undefined,
    );
  },
};

/** Too large for a command that runs often; a spec shows that `check` does not load them. Only `--json` needs zod. */
const HEAVY = ['@nestjs/*', 'reflect-metadata', 'rxjs', 'typeorm', 'zod'];

await build({
  entryPoints: [here('src/main.ts')],
  outfile: here('dist/bundle/check.cjs'),
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  conditions: ['@backup-awareness/source'],
  external: ['pg-native', ...HEAVY],
  plugins: [onlyCheck],
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'inline',
  // CommonJS, which Node loads faster, has no import.meta. Files that look for others beside them are as deep as this one.
  define: { 'import.meta.url': 'importMetaUrl' },
  banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
});
