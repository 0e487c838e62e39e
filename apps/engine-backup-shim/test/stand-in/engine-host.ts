import { spawn, spawnSync, type ChildProcessByStdio } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { hostPaths, type HostPaths } from '../../src/host/paths.js';
import { removeFolder } from '../helpers/remove-folder.js';

const HERE = dirname(fileURLToPath(import.meta.url));
const DROP_IN = join(HERE, '..', '..', 'drop-in', '50-backup-awareness.sh');

/** The shells that may run engine-backup, as /bin/sh runs them: the drop-in works in both. */
export const SHELLS = { dash: '/bin/dash', bash: '/bin/bash --posix' } as const;
export type Shell = keyof typeof SHELLS;

/** An engine-backup-shim that records its calls. */
export const NOTING_SHIM = `#!/bin/sh
printf '%s\\n' "$*" >>'@ROOT@/calls'
case $1 in deliver) cat >'@ROOT@/'"$3".new && mv '@ROOT@/'"$3".new '@ROOT@/'"$3".delivered ;; esac
`;

/** The default engine.conf: an engine whose database does not exist. */
const ENGINE_CONF = {
  ENGINE_FQDN: 'engine.example.com',
  ENGINE_DB_USER: 'engine',
  ENGINE_DB_PASSWORD: 'secret',
  ENGINE_DB_HOST: '127.0.0.1',
  ENGINE_DB_PORT: '1',
  ENGINE_DB_DATABASE: 'engine',
};

/** In the text of every file, `@ROOT@` stands for the host's root. */
export interface EngineHostOptions {
  readonly shell?: Shell;
  /** False for a host as oVirt leaves it. */
  readonly dropIn?: boolean;
  /** Variables of engine.conf. */
  readonly engine?: Readonly<Record<string, string>>;
  /** Lines of backup-awareness.conf; undefined for no such file. */
  readonly configuration?: string;
  /** Further drop-ins, sourced after ours: name → text. */
  readonly dropIns?: Readonly<Record<string, string>>;
  /** Programs that come first on PATH, by name → text. */
  readonly programs?: Readonly<Record<string, string>>;
  /** PATH; by default the system's. */
  readonly path?: string;
  /** The text of engine-backup-shim; null for none. By default one that records its calls. */
  readonly shim?: string | null;
  /** Further files below the root, by path → text. */
  readonly files?: Readonly<Record<string, string>>;
  /** The encoding of these texts. */
  readonly encoding?: 'utf8' | 'latin1';
}

/** How a run of engine-backup ended. */
export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A record of the spool, its fields as bytes. */
export interface RawRecord {
  readonly name: string;
  readonly format: string;
  readonly runId: string;
  readonly doneAt: string;
  readonly status: number;
  readonly fqdn: Buffer;
  readonly logPath: Buffer;
  readonly message: Buffer;
  readonly scopes: readonly string[];
}

/** An engine host in a temporary folder, with the stand-in for engine-backup and our drop-in. */
export interface EngineHost {
  readonly root: string;
  readonly paths: HostPaths;
  readonly archive: string;
  readonly log: string;
  /** Runs engine-backup; mode, file and log are given unless the arguments name them. `onStart` gets its process group. */
  run(
    args?: readonly string[],
    onStart?: (group: number) => Promise<void>,
    path?: string,
  ): Promise<Outcome>;
  records(): RawRecord[];
  /** The records in short: `0 files db`. */
  reported(): string[];
  /** Those passed to `engine-backup-shim deliver`, in short. */
  delivered(): string[];
  /** Runs a command of engine-backup-shim directly. */
  shim(command: string): Promise<Outcome>;
  /** The calls of engine-backup-shim, one line per call. */
  calls(): string[];
  readLog(): string;
  /** A file below the root. */
  readFile(path: string): string;
  remove(): void;
}

export function createEngineHost(options: EngineHostOptions = {}): EngineHost {
  const root = mkdtempSync(join(tmpdir(), 'engine-host-'));
  const paths = hostPaths(root);
  const log = join(root, 'var', 'backup.log');
  const archive = join(root, 'backup.tar.gz');
  const programs = join(root, 'programs');
  const write = (path: string, text: string, mode = 0o600) => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
    writeFileSync(
      path,
      text.replaceAll('@ROOT@', () => root),
      { mode, encoding: options.encoding ?? 'utf8' },
    );
    chmodSync(path, mode);
  };
  const engine = { ...ENGINE_CONF, ...options.engine };
  const conf = Object.entries(engine).map(([name, value]) => `${name}=${quoted(value)}\n`);
  write(join(root, 'etc/ovirt-engine/engine.conf'), conf.join(''));
  write(join(root, 'usr/bin/engine-backup'), standIn(root, options.shell ?? 'dash'), 0o700);
  mkdirSync(paths.spool, { recursive: true, mode: 0o700 });
  mkdirSync(programs);
  if (options.dropIn !== false) write(paths.dropIn, dropInFor(root));
  for (const [name, text] of Object.entries(options.dropIns ?? {}))
    write(join(dirname(paths.dropIn), name), text);
  if (options.configuration !== undefined) write(paths.configuration, options.configuration);
  if (options.shim !== null) write(paths.program, options.shim ?? NOTING_SHIM, 0o700);
  for (const [name, text] of Object.entries(options.programs ?? {}))
    write(join(programs, name), text, 0o700);
  for (const [name, text] of Object.entries(options.files ?? {})) write(join(root, name), text);

  const records = () =>
    readdirSync(paths.spool)
      .filter((name) => name.endsWith('.report'))
      .sort()
      .map((name) => readRecord(join(paths.spool, name)));
  const readLog = () => (existsSync(log) ? readFileSync(log, 'utf8') : '');
  return {
    root,
    paths,
    archive,
    log,
    records,
    readLog,
    readFile: (path) => readFileSync(join(root, path), 'utf8'),
    reported: () => records().map(inShort),
    delivered: () =>
      readdirSync(root)
        .filter((name) => name.endsWith('.delivered'))
        .sort()
        .map((name) => inShort(readRecord(join(root, name)))),
    calls: () => {
      const path = join(root, 'calls');
      return existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];
    },
    run: async (args = [], onStart, path = options.path ?? process.env.PATH) => {
      const given = { mode: 'backup', file: archive, log };
      const missing = Object.entries(given).filter(
        ([name]) => !args.some((one) => one.startsWith(`--${name}=`)),
      );
      const all = [...missing.map(([name, value]) => `--${name}=${value}`), ...args].filter(
        (one) => !one.endsWith('='),
      );
      const child = spawn(join(root, 'usr/bin/engine-backup'), all, {
        cwd: join(root, 'var'),
        // Its own process group, so that a signal to the group does not reach the tests.
        detached: true,
        env: { PATH: `${programs}:${path}`, TMPDIR: tmpdir(), LANG: 'de_DE.UTF-8' },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const ended = outcomeOf(child);
      if (onStart) await onStart(child.pid!);
      return ended;
    },
    shim: (command) =>
      outcomeOf(
        spawn(process.execPath, [paths.program, command, '--root', root], {
          stdio: ['ignore', 'pipe', 'pipe'],
        }),
      ),
    remove: () => removeFolder(root),
  };
}

/** Creates engine hosts for the tests of a file, each with these options and its own; they are removed after the test. */
export function useEngineHosts(
  common: () => EngineHostOptions = () => ({}),
): (options?: EngineHostOptions) => EngineHost {
  const hosts: EngineHost[] = [];
  afterEach(() => hosts.splice(0).forEach((host) => host.remove()));
  return (options = {}) => {
    const host = createEngineHost({ ...common(), ...options });
    hosts.push(host);
    return host;
  };
}

function outcomeOf(child: ChildProcessByStdio<null, Readable, Readable>): Promise<Outcome> {
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString('latin1')));
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString('latin1')));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

/** The contents of an archive of the stand-in: its members, and each dump as text without the parts that differ every time. */
export function readArchive(path: string, programs: string): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'engine-archive-'));
  try {
    output('tar', ['-C', folder, '-xzf', path]);
    const members = output('find', ['.', '-type', 'f'], folder).split('\n').sort().slice(1);
    const content = members
      .filter((name) => name !== './hashes')
      .map((name) => [
        name,
        name.startsWith('./db/')
          ? dumpText(join(folder, name), programs)
          : output('tar', ['-tf', join(folder, name)]),
      ]);
    return Object.fromEntries(content);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function dumpText(path: string, programs: string): string {
  const text = output(join(programs, 'pg_restore'), ['-f', '-', path]);
  return text.replaceAll(/^(--.*|\\(un)?restrict .*|)\n/gm, '');
}

function output(command: string, args: readonly string[], cwd = '/'): string {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr}`);
  return stdout;
}

/** The drop-in as `install --root` writes it. */
function dropInFor(root: string): string {
  return replaceLine(
    readFileSync(DROP_IN, 'utf8'),
    "backup_awareness_root=''",
    `backup_awareness_root=${quoted(root)}`,
  );
}

function standIn(root: string, shell: Shell): string {
  const text = readFileSync(join(HERE, 'engine-backup.sh'), 'utf8');
  return replaceLine(
    replaceLine(text, '#!/bin/sh', `#!${SHELLS[shell]}`),
    "ROOT=''",
    `ROOT=${quoted(root)}`,
  );
}

function replaceLine(text: string, line: string, by: string): string {
  const lines = text.split('\n');
  const index = lines.indexOf(line);
  if (index < 0) throw new Error(`no line ${line}`);
  return lines.with(index, by).join('\n');
}

function inShort({ status, scopes }: RawRecord): string {
  return [status, ...scopes].join(' ');
}

/** Quotes a text as one word of a shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function readRecord(path: string): RawRecord {
  const bytes = readFileSync(path);
  const fields: Buffer[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(0, start);
    fields.push(bytes.subarray(start, end));
    start = end + 1;
  }
  const [format, runId, doneAt, status, fqdn, logPath, message, ...rest] = fields;
  if (rest.at(-1)?.toString() !== 'end') throw new Error(`${path} is incomplete`);
  return {
    name: path.split('/').at(-1)!,
    format: String(format),
    runId: String(runId),
    doneAt: String(doneAt),
    status: Number(status),
    fqdn: fqdn!,
    logPath: logPath!,
    message: message!,
    scopes: rest.slice(0, -1).map(String),
  };
}
