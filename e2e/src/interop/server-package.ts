import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHECKOUT, eventually } from '@backup-awareness/testing';

export const SERVICES = ['ingest', 'freshness-checker', 'audit', 'notifier'] as const;
const HARDENING = 'backup-awareness-.service.d/50-hardening.conf';

/** The server's packages, made by the program of `npm run package`, and the .deb unpacked into a root. */
export interface ServerPackage {
  readonly deb: string;
  readonly rpm: string;
  readonly root: string;
  /** The maintainer scripts of the .deb and the scriptlets of the .rpm, by name. */
  readonly scripts: Readonly<Record<string, string>>;
  /** The values of a key in a unit and in the file for all units. */
  valuesIn(unit: string, key: string): string[];
  /**
   * A command of a unit with its configuration as the only environment, as systemd would run it, but in the root, and on any free port.
   *
   * @param index which one, if it has several
   */
  commandOf(unit: string, index?: number): { args: string[]; environment: Record<string, string> };
  remove(): void;
}

export function buildServerPackage(): ServerPackage {
  const folder = mkdtempSync(join(tmpdir(), 'server-package-'));
  run(process.execPath, join(CHECKOUT, 'deploy/server/package.mjs'), folder);
  const file = (end: string) =>
    join(
      folder,
      readdirSync(folder).find((name) => name.endsWith(end))!,
    );
  const [deb, rpm, root] = [file('.deb'), file('.rpm'), join(folder, 'root')];
  run('dpkg-deb', '--extract', deb, root);
  run('dpkg-deb', '--control', deb, join(folder, 'control'));
  const units = join(root, 'usr/lib/systemd/system');
  const textOf = (unit: string) =>
    [`backup-awareness-${unit}.service`, HARDENING]
      .map((name) => readFileSync(join(units, name), 'utf8'))
      .join('\n');
  const valuesIn = (unit: string, key: string) =>
    [...textOf(unit).matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value]) => value!);

  return {
    deb,
    rpm,
    root,
    scripts: {
      ...Object.fromEntries(
        ['postinst', 'prerm', 'postrm'].map((name) => [
          name,
          readFileSync(join(folder, 'control', name), 'utf8'),
        ]),
      ),
      ...Object.fromEntries(
        ['PREIN', 'POSTIN', 'PREUN', 'POSTUN'].map((tag) => [
          tag,
          run('rpm', '-qp', '--queryformat', `%{${tag}}`, rpm),
        ]),
      ),
    },
    valuesIn,
    commandOf: (unit, index = 0) => {
      const [program, ...rest] = valuesIn(unit, 'ExecStart')[index]!.split(' ');
      const [configuration] = valuesIn(unit, 'EnvironmentFile');
      const inRoot = (text: string) => text.replace(/^\/(?=usr\/|etc\/)/, `${root}/`);
      return {
        args: [
          ...['-c', 'set -a; . "$1"; HTTP_PORT=0; shift; exec "$@"', 'sh', inRoot(configuration!)],
          program === '/usr/bin/node' ? process.execPath : inRoot(program!),
          ...rest.map(inRoot),
        ],
        environment: {
          PATH: process.env.PATH!,
          ...Object.fromEntries(
            valuesIn(unit, 'Environment')
              .flatMap((line) => line.split(' '))
              .map((pair) => /^(\w+)=(.*)$/.exec(pair)!.slice(1) as [string, string]),
          ),
        },
      };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Runs a program to its end. @returns its standard output @throws if it fails */
export function run(program: string, ...args: readonly string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', stdio: 'pipe' });
}

/** A service of the package, running. */
export interface PackagedService {
  readonly url: string;
  /** Ends it as systemd does, and resolves with its exit code. */
  stop(): Promise<number | null>;
}

export async function startService(
  { commandOf }: ServerPackage,
  unit: string,
): Promise<PackagedService> {
  const { args, environment } = commandOf(unit);
  const child = spawn('sh', args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = once(child, 'exit');
  const listening = eventually(() => {
    const [, found] = /listening on (http:[^"]+)/.exec(output) ?? [];
    if (found === undefined) throw new Error(`${unit} does not listen yet: ${output}`);
    return found;
  }, 90_000);
  const early = ended.then(() => {
    throw new Error(`${unit} has ended: ${output}`);
  });
  const url = await Promise.race([listening, early]).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  return {
    url,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      return child.exitCode;
    },
  };
}

/** The units that every machine with systemd has, and a Node, so that `systemd-analyze --root` finds what ours name. */
export function completeRoot(root: string): void {
  const units = join(root, 'usr/lib/systemd/system');
  for (const name of ['sysinit', 'basic', 'shutdown', 'network-online', 'multi-user'])
    writeFileSync(join(units, `${name}.target`), `[Unit]\nDescription=${name}\n`);
  mkdirSync(join(root, 'usr/bin'), { recursive: true });
  writeFileSync(join(root, 'usr/bin/node'), '#!/bin/sh\n', { mode: 0o755 });
}
