import { readFileSync } from 'node:fs';

/** The version of the command line, as its package.json has it. */
export function version(): string {
  const path = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}
