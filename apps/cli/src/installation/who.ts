import { userName } from './denied.js';
import { WrongUse } from '../output/failure.js';

/** Who is named as the author of a change: `--by`, or whoever called sudo, or the user of the operating system. */
export function whoIs(environment: NodeJS.ProcessEnv, by: string | undefined): string {
  if (by !== undefined) {
    if (by.trim() === '') throw new WrongUse('--by: expected the name of a person, got nothing');
    return by.trim();
  }
  return environment['SUDO_USER'] || userName();
}
