#!/usr/bin/env node
// Committed, so that npm can link it before anything is built.
const program = new URL('../dist/main.js', import.meta.url);

let main;
try {
  ({ main } = await import(program.href));
} catch (error) {
  if (error?.code !== 'ERR_MODULE_NOT_FOUND') throw error;
  process.stderr.write(
    'backup-awareness: not built yet, or not completely: run npm run build, or npm start, in the checkout first\n',
  );
  process.exitCode = 1;
}
if (main) {
  const exitCode = await main(process.argv.slice(2));
  // A peer that hangs would keep a half-closed connection open, and this process alive, for ever.
  // An output that could not be written has its own end, which the stream tells a moment later.
  process.stdout.write('', (error) =>
    error ? setImmediate(() => process.exit(1)) : process.exit(exitCode),
  );
}
