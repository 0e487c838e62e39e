import { ensurePackages, type Progress, type RunDirectory } from '@backup-awareness/local-servers';

/**
 * The programs of others that the interop tests talk to, or look at ours with. The PostgreSQL of the other tests has no pg_dump;
 * of the distribution's, tests run a server of their own.
 */
const PACKAGES = [
  ...['amqp-tools', 'openssl', 'python3-pika', 'postgresql', 'shellcheck', 'strace'],
  'prometheus-alertmanager',
];

/** @throws StartFailure in one line that says what to install, when something is missing and we cannot install it */
export function ensureInteropPackages(
  runDirectory: RunDirectory,
  progress: Progress,
): Promise<void> {
  return ensurePackages(PACKAGES, 'tests against other programs need', runDirectory, progress);
}
