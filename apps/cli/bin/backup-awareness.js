#!/usr/bin/env node
// Committed, so that npm can link it before anything is built.
import { createRequire } from 'node:module';

const args = process.argv.slice(2);
const isCheck = args.find((arg) => !arg.startsWith('-')) === 'check';

let main;
try {
  ({ main } = isCheck
    ? createRequire(import.meta.url)('../dist/bundle/check.cjs')
    : await import(new URL('../dist/main.js', import.meta.url).href));
} catch (error) {
  if (error?.code !== 'ERR_MODULE_NOT_FOUND' && error?.code !== 'MODULE_NOT_FOUND') throw error;
  process.stderr.write(
    'backup-awareness: not built yet, or not completely: run npm run build, or npm start, in the checkout first\n',
  );
  process.exitCode = 1;
}
if (main) {
  const exitCode = await main(args);
  // A peer that hangs would keep a half-closed connection open, and this process alive, for ever.
  // An output that could not be written has its own end, which the stream tells a moment later.
  process.stdout.write('', (error) =>
    error ? setImmediate(() => process.exit(1)) : process.exit(exitCode),
  );
}
