import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * The file that runs one of our packages as a process, which its manifest exports as `./program`, or another file that it
 * exports for a process, in this checkout.
 *
 * @throws where this checkout has no such package, or it exports no such file
 */
export function programOf(name: string, checkout: string, file = 'program'): string {
  return createRequire(join(checkout, 'package.json')).resolve(`@backup-awareness/${name}/${file}`);
}
