import { execFileSync } from 'node:child_process';

/**
 * Runs a program that makes packages, and shows its output only if it fails.
 *
 * @throws Error in one line that says what to install, if the program is missing
 */
export function runPackager(program, args) {
  try {
    execFileSync(program, args, { stdio: 'pipe', encoding: 'utf8' });
  } catch (error) {
    if (error.code === 'ENOENT')
      throw new Error(`${program} is not installed: install ${PROVIDED_BY[program] ?? program}`, {
        cause: error,
      });
    throw new Error(`${program} failed: ${error.stdout}${error.stderr}`, { cause: error });
  }
}

/** The Debian packages of programs that have another name than their package. */
const PROVIDED_BY = { 'dpkg-deb': 'dpkg', rpmbuild: 'rpm' };
