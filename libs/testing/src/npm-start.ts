import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** The checkout that is tested: the one this file lies in. */
export const CHECKOUT = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/** What `endpoints.json` tells. */
export interface Endpoints {
  readonly amqpUrl: string;
  readonly databaseUrl: string;
  readonly readerDatabaseUrl: string;
  readonly monitorAmqpUrl?: string;
  readonly services: Readonly<Record<string, { readonly pid: number; readonly url: string }>>;
}

/** A `npm start` that runs. */
export interface NpmStart {
  readonly pid: number;
  /** All that it has said so far. */
  output(): string;
  /** What endpoints.json says now. @throws while there is none */
  endpoints(): Endpoints;
  /** Sends a signal and resolves with the exit code, null where it ended by a signal. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/**
 * A new folder for `npm start` to keep its state in, marked as one that may be removed with all its data: what was not
 * marked when it was made is removed by nothing of ours.
 */
export function makeTemporaryRunDirectory(prefix: string): string {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  writeFileSync(join(folder, 'temporary'), '');
  return folder;
}

const READY_WITHIN_MS = 240_000;

/**
 * Starts the product of a checkout, ours unless told, as `npm start` does, and resolves when endpoints.json is there.
 *
 * @throws with all that it has said where it ends before, or takes longer than four minutes
 */
export async function npmStart(
  runDirectory: string,
  environment: Readonly<Record<string, string>> = {},
  checkout = CHECKOUT,
): Promise<NpmStart> {
  const child = spawn(process.execPath, ['tools/run.mjs', 'start'], {
    cwd: checkout,
    // As npm sets it: the product goes when the process that started it goes, and no test run leaves one behind.
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
  // A file that a killed run has left is removed before anything else is done; this one's start page comes after its file.
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

/** What a user's shell has, and nothing of what the tests are told by. */
export function userEnvironment(): Record<string, string> {
  const names = ['PATH', 'HOME', 'USER', 'LOGNAME', 'TMPDIR'];
  const kept = names.flatMap((name) =>
    process.env[name] ? [[name, process.env[name]] as const] : [],
  );
  return { ...Object.fromEntries(kept), LANG: 'C.UTF-8' };
}
