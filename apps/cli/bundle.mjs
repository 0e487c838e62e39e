// Builds the single file that runs `check`: a monitoring system calls it every minute or so, and loading it takes half the time
// of loading some hundred. All other commands run the compiled files.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** What only other commands need, or `--json`, is left in the compiled files. */
const onlyCheck = {
  name: 'only-check',
  setup({ onResolve, onLoad }) {
    // It wraps functions of amqplib's own files that read messages; `check` reads none.
    onLoad({ filter: /\/header-guard\.ts$/ }, () => ({ contents: '' }));
    const loaded =
      /^\.\/commands\/|^@backup-awareness\/(database\/(administration|data-source)|overview\/documents)$/;
    onResolve({ filter: loaded }, ({ kind, path }) =>
      kind === 'dynamic-import' && path !== './commands/check.js'
        ? { path, external: true }
        : undefined,
    );
  },
};

await build({
  entryPoints: [here('src/main.ts')],
  outfile: here('dist/bundle/check.cjs'),
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  conditions: ['@backup-awareness/source'],
  external: ['pg-native'],
  plugins: [onlyCheck],
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'inline',
  // CommonJS, which Node loads faster, has no import.meta. Files that look for others beside them are as deep as this one.
  define: { 'import.meta.url': 'importMetaUrl' },
  banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
});
