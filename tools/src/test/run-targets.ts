import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkout } from '../../setup/workspace.mjs';
import type { Project } from './projects.js';

const REPORTER = fileURLToPath(new URL('../../jest-counts.mjs', import.meta.url));

// With them, a test that starts the product would use another broker, database or state than its own.
const NOT_FOR_TESTS = ['AMQP_URL', 'AMQP_MANAGEMENT_URL', 'DATABASE_URL', 'RUN_DIR'];

export interface RunTargets {
  readonly target: string;
  readonly projects: readonly Project[];
  readonly jestArguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Runs the target of these projects with nx; resolves with whether all succeeded. */
export async function runTargets(options: RunTargets): Promise<boolean> {
  const { target, projects, jestArguments, environment, signal } = options;
  signal.throwIfAborted();
  const inherited = Object.entries(process.env).filter(
    ([name]) => !NOT_FOR_TESTS.includes(name.replace(/_FILE$/, '')),
  );
  const child = spawn(
    process.execPath,
    [
      join(checkout, 'node_modules', '.bin', 'nx'),
      ...['run-many', '-t', target, '--output-style=static', '--parallel=2'],
      `--projects=${projects.map(({ name }) => name).join(',')}`,
      // nx passes these to a shell.
      ...[
        '--',
        '--reporters=default',
        quoted(`--reporters=${REPORTER}`),
        ...jestArguments.map(quoted),
      ],
    ],
    {
      cwd: checkout,
      // In a process group of its own, so that it can be ended with all its children.
      detached: true,
      env: {
        ...Object.fromEntries(inherited),
        NX_DAEMON: 'false',
        // nx would make its tasks colour their output in any case.
        ...(process.stdout.isTTY ? {} : { FORCE_COLOR: '0' }),
        ...environment,
      },
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  const end = (name: NodeJS.Signals) => (): void => {
    try {
      process.kill(-(child.pid ?? NaN), name);
    } catch {
      // It has ended already.
    }
  };
  let killing: NodeJS.Timeout | undefined;
  const onAbort = (): void => {
    end('SIGTERM')();
    killing = setTimeout(end('SIGKILL'), 20_000);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  clearTimeout(killing);
  signal.removeEventListener('abort', onAbort);
  // What a test may have left behind in the group.
  end('SIGKILL')();
  return code === 0;
}

function quoted(argument: string): string {
  return `'${argument.replaceAll("'", `'\\''`)}'`;
}
