import { ensurePackages, type Progress, type RunDirectory } from '@backup-awareness/local-servers';

/**
 * Third-party programs that the interop tests talk to, or inspect ours with. `postgresql` is there for pg_dump, which the
 * PostgreSQL of the other tests lacks.
 */
const PACKAGES = [
  ...['amqp-tools', 'openssl', 'python3-pika', 'postgresql', 'pgbouncer', 'shellcheck', 'strace'],
  ...['rpm', 'systemd'],
  ...['prometheus', 'prometheus-alertmanager'],
  // The page of the console is looked at in it.
  'chromium',
  // For the sample of a subscriber in Java.
  ...['default-jdk-headless', 'librabbitmq-client-java', 'libjackson2-databind-java'],
];

/** @throws StartFailure in one line that says what to install, where something is missing and cannot be installed */
export function ensureInteropPackages(
  runDirectory: RunDirectory,
  progress: Progress,
): Promise<void> {
  return ensurePackages(PACKAGES, 'tests against other programs need', runDirectory, progress);
}
