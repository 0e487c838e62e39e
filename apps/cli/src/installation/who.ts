import { userName } from './denied.js';
import { WrongUse } from '../output/failure.js';

/** The author of a change: `--by`, or the caller of sudo, or the user of the operating system. */
export function whoIs(environment: NodeJS.ProcessEnv, by: string | undefined): string {
  if (by !== undefined) {
    if (by.trim() === '') throw new WrongUse('--by: expected the name of a person, got nothing');
    return by.trim();
  }
  return environment['SUDO_USER'] || userName();
}
