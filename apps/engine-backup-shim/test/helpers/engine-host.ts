import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hostPaths, type HostPaths } from '../../src/host/paths.js';
import { removeFolder } from './remove-folder.js';

/** The program as an engine host gets it; `npm test` builds it. */
export const PROGRAM = fileURLToPath(
  new URL('../../dist/bundle/engine-backup-shim.cjs', import.meta.url),
);

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string | Buffer;
  readonly environment?: Readonly<Record<string, string>>;
  /** Another Node than the one of the tests. */
  readonly node?: string;
  /** Called when it has started. */
  readonly started?: (child: ChildProcess) => void;
}

/** An engine host in a temporary folder, on which the program is run as root would run it. */
export interface EngineHost {
  readonly root: string;
  readonly paths: HostPaths;
  configure(values: Readonly<Record<string, string | number>>): void;
  /** Runs a command of the program and waits for its end. */
  shim(args: readonly string[], options?: RunOptions): Promise<Ended>;
  /** The same, but resolves when the program itself has exited; `ended` resolves when its output is closed, too. */
  shimUntilExit(args: readonly string[]): Promise<{ code: number | null; ended: Promise<Ended> }>;
  /** The files in the spool, without the refused ones. */
  spooled(): string[];
  /** The files in a folder; none if there is no folder. */
  files(folder: string): string[];
  write(path: string, content: string | Buffer): string;
  remove(): void;
}

export function createEngineHost(): EngineHost {
  const root = mkdtempSync(join(tmpdir(), 'engine-host-'));
  const paths = hostPaths(root);
  const write = (path: string, content: string | Buffer) => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  };
  return {
    root,
    paths,
    write,
    configure: (values) => {
      const lines = Object.entries(values).map(([key, value]) => `${key}=${value}\n`);
      write(paths.configuration, lines.join(''));
      chmodSync(paths.configuration, 0o600);
    },
    shim: (args, options) => runProgram(withRoot(root, args), options),
    shimUntilExit: (args) =>
      new Promise((resolve) => {
        const ended = runProgram(withRoot(root, args), {
          started: (child) => child.once('exit', (code) => resolve({ code, ended })),
        });
      }),
    spooled: () => files(paths.spool).filter((name) => name !== 'refused'),
    files,
    remove: () => removeFolder(root),
  };
}

function files(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** The broker and its user, as keys of the configuration. */
export function brokerKeys(amqpUrl: string): Record<string, string> {
  const { protocol, host, pathname, username, password } = new URL(amqpUrl);
  return {
    BROKER_URL: `${protocol}//${host}${pathname}`,
    BROKER_USER: decodeURIComponent(username),
    BROKER_PASSWORD: decodeURIComponent(password),
  };
}

/** Longer than any command takes on a slow machine, shorter than the time limit of a test. */
const KILLED_AFTER_MS = 50_000;

/** In its own process group, which is killed after a time: a failing test leaves nothing behind. */
export function runProgram(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const child = spawn(options.node ?? process.execPath, [PROGRAM, ...args], {
    env: { PATH: process.env.PATH, ...options.environment },
    detached: true,
  });
  const killing = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), KILLED_AFTER_MS);
  const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  child.stdout.on('data', (chunk: Buffer) => chunks.stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.stderr.push(chunk));
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  options.started?.(child);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(killing);
      const [stdout, stderr] = [chunks.stdout, chunks.stderr].map((it) =>
        Buffer.concat(it).toString('utf8'),
      );
      resolve({ code, signal, stdout: stdout!, stderr: stderr! });
    });
  });
}

/** Adds it after the options, and before the command of `run`. */
function withRoot(root: string, args: readonly string[]): string[] {
  const dashes = args.indexOf('--');
  const end = dashes === -1 ? args.length : dashes;
  return [...args.slice(0, end), '--root', root, ...args.slice(end)];
}
