#!/usr/bin/env node
// Committed, so that npm can link it before anything is built. For a checkout only: a package has the bundle itself.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const bundle = fileURLToPath(new URL('../dist/bundle/engine-backup-shim.cjs', import.meta.url));
if (existsSync(bundle)) {
  // It starts itself again by that name, and installs the file of that name.
  process.argv[1] = bundle;
  createRequire(import.meta.url)(bundle);
} else {
  process.stderr.write(
    'engine-backup-shim: not built yet: run npm run build, or npm start, in the checkout first\n',
  );
  process.exitCode = 1;
}
