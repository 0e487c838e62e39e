import { disposeRunDirectory, openRunDirectory } from '@backup-awareness/local-servers';
import {
  compiledProgram,
  makeTemporaryRunDirectory,
  npmStart,
  userEnvironment,
} from '@backup-awareness/testing';
import { measureBesideNode } from '../beside-node.js';
import { atMost, type Figure, type FigureGroup } from '../figure.js';
import { run } from '../run-program.js';
import type { Stage } from '../stage.js';
import { median, spread } from '../statistics.js';

const STARTS = 5;

/** What an administrator waits for in a shell, on an installation that `npm start` brings up, with servers of its own. */
export const commands: FigureGroup = {
  name: 'commands',
  async measure(stage) {
    const folder = makeTemporaryRunDirectory('bench-commands-');
    try {
      return [await measureStarts(stage, folder), await measureCheck(stage, folder)];
    } finally {
      await disposeRunDirectory(await openRunDirectory(folder));
    }
  },
};

async function measureStarts({ progress, signal }: Stage, folder: string): Promise<Figure> {
  await progress.step('npm start, the first time', () => startAndStop(folder), 'done');
  const starts: Start[] = [];
  for (let round = 1; round <= STARTS; round += 1) {
    signal.throwIfAborted();
    const title = `npm start again, round ${round} of ${STARTS}`;
    starts.push(await progress.step(title, () => startAndStop(folder), 'measured'));
  }
  return {
    name: 'start_again_s',
    what: 's until all of npm start (without npm itself) is ready when nothing has changed, less the step in which RabbitMQ boots beside PostgreSQL',
    ours: median(starts.map(({ whole, broker }) => whole - broker)),
    other: null,
    target: atMost(5),
    note: `all ${spread(seconds(starts, 'whole'), 1)}, of it RabbitMQ ${spread(seconds(starts, 'broker'), 1)}`,
  };
}

/** In seconds. */
interface Start {
  readonly whole: number;
  readonly broker: number;
}

const seconds = (starts: readonly Start[], part: keyof Start) => starts.map((start) => start[part]);

async function startAndStop(folder: string): Promise<Start> {
  const begin = performance.now();
  const start = await npmStart(folder);
  const whole = (performance.now() - begin) / 1_000;
  await start.end('SIGTERM');
  return { whole, broker: brokerSeconds(start.output()) };
}

function brokerSeconds(output: string): number {
  const seconds = /RabbitMQ … ready \((\d+\.\d) s\)/.exec(output)?.[1];
  if (seconds === undefined)
    throw new Error(`npm start has not said how long RabbitMQ took:\n${output}`);
  return Number(seconds);
}

async function measureCheck({ progress, signal }: Stage, folder: string): Promise<Figure> {
  const start = await npmStart(folder);
  try {
    return await progress.step(
      'backup-awareness check beside Node',
      () =>
        measureBesideNode({
          name: 'cli_check_vs_node',
          what: 'backup-awareness check of one engine, with its alert, and of all services',
          target: 3,
          run: () => check(folder),
          signal,
        }),
      'measured',
    );
  } finally {
    await start.end('SIGTERM');
  }
}

/** This host has no full backup, so the answer is an alert. @throws where it is another, such as that something is unreachable */
async function check(folder: string): Promise<void> {
  const environment = { ...userEnvironment(), RUN_DIR: folder };
  const answer = await run(process.execPath, [compiledProgram('cli'), 'check'], environment).then(
    ({ stdout }) => stdout,
    ({ stdout }: { stdout?: string }) => stdout,
  );
  if (!answer?.startsWith('BACKUP CRITICAL'))
    throw new Error(`check was expected to find an alert, got ${answer}`);
}
