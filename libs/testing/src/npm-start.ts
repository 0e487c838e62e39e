import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** The checkout under test: the one that holds this file. */
export const CHECKOUT = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/** The content of `endpoints.json`. */
export interface Endpoints {
  readonly amqpUrl: string;
  readonly databaseUrl: string;
  readonly readerDatabaseUrl: string;
  readonly monitorAmqpUrl?: string;
  readonly consoleUrl: string;
  readonly consoleToken: string;
  readonly services: Readonly<Record<string, { readonly pid: number; readonly url: string }>>;
}

/** A running `npm start`. */
export interface NpmStart {
  readonly pid: number;
  /** All its output so far. */
  output(): string;
  /** Reads endpoints.json. @throws while there is none */
  endpoints(): Endpoints;
  /** Sends a signal and resolves with the exit code; null if a signal ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/**
 * A new folder for the state of `npm start`, marked as temporary when it is made: we never remove a folder without that mark.
 */
export function makeTemporaryRunDirectory(prefix: string): string {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  writeFileSync(join(folder, 'temporary'), '');
  return folder;
}

const READY_WITHIN_MS = 240_000;

/**
 * Starts the product of a checkout as `npm start` does, and resolves when it is ready.
 *
 * @throws with all its output if it ends before that, or takes longer than four minutes
 */
export async function npmStart(
  runDirectory: string,
  environment: Readonly<Record<string, string>> = {},
  checkout = CHECKOUT,
): Promise<NpmStart> {
  const child = spawn(process.execPath, ['tools/run.mjs', 'start'], {
    cwd: checkout,
    // As npm sets it: the product ends with the process that started it, so that no test run leaves one behind.
    env: {
      ...userEnvironment(),
      npm_lifecycle_event: 'start',
      RUN_DIR: runDirectory,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const path = join(runDirectory, 'endpoints.json');
  const start: NpmStart = {
    pid: child.pid ?? NaN,
    output: () => output,
    endpoints: () => JSON.parse(readFileSync(path, 'utf8')) as Endpoints,
    end: async (signal) => {
      if (!hasEnded()) {
        child.kill(signal);
        await once(child, 'exit');
      }
      return child.exitCode;
    },
  };
  const deadline = performance.now() + READY_WITHIN_MS;
  // The file of a killed run is removed before anything else is done; the start page comes after the new file.
  while (!(output.includes('backup-awareness runs') && existsSync(path))) {
    if (!hasEnded() && performance.now() < deadline) {
      await sleep(50);
      continue;
    }
    await start.end('SIGKILL');
    throw new Error(`npm start did not come up (exit code ${child.exitCode}):\n${output}`);
  }
  return start;
}

/** The environment of a user's shell, without the variables of the tests but for the servers that a run has chosen. */
export function userEnvironment(): Record<string, string> {
  const chosen = ['RABBITMQ_HOME', 'POSTGRESQL_HOME'];
  const names = ['PATH', 'HOME', 'USER', 'LOGNAME', 'TMPDIR', ...chosen];
  const kept = names.flatMap((name) =>
    process.env[name] ? [[name, process.env[name]] as const] : [],
  );
  return { ...Object.fromEntries(kept), LANG: 'C.UTF-8' };
}
