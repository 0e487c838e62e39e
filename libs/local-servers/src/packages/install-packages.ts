import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { lastLines, type BoundedLog } from '../processes/bounded-log.js';

const SCRIPT = fileURLToPath(new URL('../../install-packages.sh', import.meta.url));

/** The command by which this user may install packages; undefined where it may not. */
export function installCommand(): readonly string[] | undefined {
  if (!existsSync('/usr/bin/apt-get')) return undefined;
  if (process.getuid?.() === 0) return ['/bin/sh', SCRIPT];
  const { status } = spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' });
  return status === 0 ? ['sudo', '-n', '/bin/sh', SCRIPT] : undefined;
}

/**
 * Installs distribution packages and starts none of their services. Never cut off: that would leave the packages half
 * installed.
 *
 * @throws Error with the end of the package manager's output
 */
export async function installPackages(
  command: readonly string[],
  names: readonly string[],
  log: BoundedLog,
): Promise<void> {
  const [program = '/bin/sh', ...first] = command;
  const output = log.open();
  const child = spawn(program, [...first, ...names], {
    detached: true,
    stdio: ['ignore', output, output],
    cwd: '/',
  });
  closeSync(output);
  const result = await new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(signal ?? `exit ${code}`));
  });
  if (result !== 'exit 0') {
    throw new Error(
      `installing ${names.join(', ')} failed (${result}). The end of ${log.path}:\n${lastLines(log.path)}`,
    );
  }
}

/** Which of these Debian packages are not installed. */
export function missingPackages(names: readonly string[]): string[] {
  return names.filter((name) => {
    const { status, stdout } = spawnSync(
      'dpkg-query',
      ['--show', '--showformat', '${Status}', name],
      { encoding: 'utf8' },
    );
    return status !== 0 || stdout !== 'install ok installed';
  });
}
