// `npm run dev`: runs the product from this checkout on the servers of `npm run dev:servers`, which it starts if they do not run.
// Whenever a source changes, it stops, builds and restarts the product.
import { spawn } from 'node:child_process';
import { readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const checkout = fileURLToPath(new URL('..', import.meta.url));
const SETTLED_MS = 300;

let product;
let isOver = false;
let changed = () => {};
for (const room of ['apps', 'libs'])
  watch(join(checkout, room), { recursive: true }, (_, path) => {
    if (path && /(^|\/)src\/.*(?<!\.spec)\.(tsx?|css)$/.test(path)) changed(path);
  });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => {
    isOver = true;
    changed(signal);
  });

const ownServers = servers() ? undefined : spawnTask('dev:servers');
try {
  while (!isOver && !servers() && ownServers?.exitCode === null) await sleep(200);
  if (!servers()) isOver = true;
  while (!isOver) await runUntilChange();
} finally {
  await stop(ownServers);
}

async function runUntilChange() {
  const { environment } = servers();
  product = spawnTask('start', {
    AMQP_URL: environment.TEST_AMQP_URL,
    AMQP_MANAGEMENT_URL: environment.TEST_AMQP_MANAGEMENT_URL,
    DATABASE_URL: environment.TEST_DATABASE_URL,
    RUN_DIR: join(checkout, '.dev', 'run'),
  });
  const path = await new Promise((resolve) => (changed = resolve));
  await stop(product);
  if (isOver) return;
  // An editor may write several files, or one of them several times.
  await sleep(SETTLED_MS);
  console.log(`\n${path} changed.`);
}

/** In a process group of its own: Ctrl-C would otherwise reach it, too, and stop the servers before the product. */
function spawnTask(task, environment = {}) {
  return spawn(process.execPath, [join(checkout, 'tools', 'run.mjs'), task], {
    cwd: checkout,
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...environment },
  });
}

async function stop(child) {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

/** The servers that `npm run dev:servers` runs in this checkout; undefined where it does not run. */
function servers() {
  try {
    const read = JSON.parse(readFileSync(join(checkout, '.dev', 'servers.json'), 'utf8'));
    process.kill(read.pid, 0);
    return read;
  } catch {
    return undefined;
  }
}
process.exit(0);
