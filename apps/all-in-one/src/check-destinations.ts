import { execFile } from 'node:child_process';
import { programOf, StartFailure } from '@backup-awareness/local-servers';
import { checkout } from './checkout.js';
import type { StartSettings } from './settings.js';

/** The exit code of a program that refuses a variable. */
const REFUSED = 2;

/**
 * Has the notifier check its destinations, before anything runs: as a process of its own, since no app imports another.
 *
 * @throws StartFailure that names the variable, what was expected and, if it is no secret, what it has
 */
export async function checkDestinations(
  { forServices, forNotifier }: Pick<StartSettings, 'forServices' | 'forNotifier'>,
  signal: AbortSignal,
): Promise<void> {
  if (forNotifier === undefined) return;
  const program = programOf('notifier', checkout, 'check-destinations');
  const env = { ...forServices, ...forNotifier };
  await new Promise<void>((resolve, reject) => {
    execFile(process.execPath, [program], { env, signal }, (error, _stdout, stderr) => {
      if (error?.code === REFUSED) reject(new StartFailure(stderr.trim()));
      else if (error) reject(error);
      else resolve();
    });
  });
}
