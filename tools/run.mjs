// What `npm start`, `npm test` and those of the other commands run that have to work in a bare clone, too. It has no
// dependencies: it installs and builds what is missing or stale, and hands over to the compiled program.
const PROGRAMS = {
  build: undefined,
  start: '@backup-awareness/all-in-one/main',
  test: './dist/test/main.js',
  'test:interop': './dist/test/main.js',
  'dev:servers': './dist/dev/servers.js',
  bench: '@backup-awareness/bench',
  simulate: '@backup-awareness/simulation',
  chaos: '@backup-awareness/chaos',
};
const task = process.argv[2] || 'start';
const major = Number(process.versions.node.split('.')[0]);

if (major < 20) {
  fail(`Node 20 or later is needed; this is ${process.version} (${process.execPath}).`);
} else if (process.platform !== 'linux') {
  fail(
    `npm ${task} brings up its own PostgreSQL and RabbitMQ on Linux; this is ${process.platform}.`,
  );
} else if (!Object.hasOwn(PROGRAMS, task)) {
  fail(`unknown task "${task}"; expected one of ${Object.keys(PROGRAMS).join(', ')}.`);
} else {
  run().catch((error) => fail(error && error.stack ? error.stack : String(error)));
}

async function run() {
  // Before anything else is done: a signal must find its handler at every moment from here on.
  const parentPid = process.ppid;
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
    process.on(signal, () => stop.abort(signal));
  }
  // The terminal may go away before us; what we have to stop must be stopped all the same.
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});

  const { setUp } = await import('./setup/set-up.mjs');
  const outcome = await setUp({ signal: stop.signal });
  if (outcome !== 'ready') {
    process.exit(outcome === 'stopped' ? exitCodeAfter(stop.signal.reason) : 1);
  }
  if (task === 'build') return;
  const { main } = await import(PROGRAMS[task]);
  process.exit(
    await main({ task, arguments: process.argv.slice(3), signal: stop.signal, parentPid }),
  );
}

/** A stopped `npm start` did what it was asked to; a stopped test run has shown nothing. */
function exitCodeAfter(signal) {
  if (task === 'start' || task === 'dev:servers') return 0;
  return { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }[signal] || 1;
}

function fail(message) {
  process.stderr.write(`backup-awareness: ${message}\n`);
  process.exit(1);
}
