import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * The path of a package's program in this checkout, which its manifest exports as `./program`, or of another file that it
 * exports to be run.
 *
 * @throws where the checkout has no such package, or the package exports no such file
 */
export function programOf(name: string, checkout: string, file = 'program'): string {
  return createRequire(join(checkout, 'package.json')).resolve(`@backup-awareness/${name}/${file}`);
}
