// Builds the single file that an engine host gets: no node_modules, Node 18 or later, and CommonJS, which is what every
// Node takes a file without an extension for.
import { chmodSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const { version } = JSON.parse(readFileSync(here('package.json'), 'utf8'));
const outfile = here('dist/bundle/engine-backup-shim.cjs');

await build({
  entryPoints: [here('src/main.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node18',
  format: 'cjs',
  conditions: ['@backup-awareness/source'],
  alias: { 'node:tls': here('lazy/tls.cjs'), 'node:assert': here('lazy/assert.cjs') },
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'inline',
  banner: { js: '#!/usr/bin/env node' },
  define: { SHIM_VERSION: JSON.stringify(version) },
  loader: { '.sh': 'text', '.service': 'text', '.timer': 'text', '.cron': 'text' },
});
chmodSync(outfile, 0o755);
