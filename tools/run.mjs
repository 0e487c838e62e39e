// Runs `npm start`, `npm test` and the other commands that must work in a bare clone. Without dependencies itself, it installs
// and builds what is missing or stale, then hands over to the compiled program.
const PROGRAMS = {
  build: undefined,
  start: '@backup-awareness/all-in-one/main',
  test: './dist/test/main.js',
  'test:interop': './dist/test/main.js',
  screenshots: './dist/test/main.js',
  'dev:servers': './dist/dev/servers.js',
  bench: '@backup-awareness/bench',
  simulate: '@backup-awareness/simulation',
  chaos: '@backup-awareness/chaos',
  'test:upgrade': '@backup-awareness/chaos/upgrade',
  'chaos:heartbeat': '@backup-awareness/chaos/heartbeat',
};
const task = process.argv[2] || 'start';
const major = Number(process.versions.node.split('.')[0]);

if (major < 20) {
  fail(`expected Node 20 or later, got ${process.version} (${process.execPath}).`);
} else if (process.platform !== 'linux') {
  fail(
    `npm ${task} runs its own PostgreSQL and RabbitMQ, on Linux only; this is ${process.platform}.`,
  );
} else if (!Object.hasOwn(PROGRAMS, task)) {
  fail(`unknown task "${task}"; expected one of ${Object.keys(PROGRAMS).join(', ')}.`);
} else {
  run().catch((error) => fail(error && error.stack ? error.stack : String(error)));
}

async function run() {
  // First of all: from here on every signal must find its handler.
  const parentPid = process.ppid;
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
    process.on(signal, () => stop.abort(signal));
  }
  // The terminal may go away before us; we must still stop what we started.
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

/** A stopped `npm start` has done its work; a stopped test run has shown nothing. */
function exitCodeAfter(signal) {
  if (task === 'start' || task === 'dev:servers') return 0;
  return { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }[signal] || 1;
}

function fail(message) {
  process.stderr.write(`backup-awareness: ${message}\n`);
  process.exit(1);
}
