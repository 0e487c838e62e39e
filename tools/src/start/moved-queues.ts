import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from './replace-file.js';
import { StartFailure } from './start-failure.js';

/**
 * Has a node's quorum queues look for their messages in this folder. Each keeps the absolute path of its data in a file of
 * Erlang terms: moved without these, a queue does not start, and a copy would use the original's files.
 *
 * @throws StartFailure where such a file names no folder that can be told
 */
export function leadQueuesTo(data: string): void {
  for (const node of subfolders(data)) {
    const queues = join(data, node, 'quorum', node);
    for (const queue of subfolders(queues)) {
      const file = join(queues, queue, 'config');
      if (existsSync(file)) lead(file, data, node);
    }
  }
}

function lead(file: string, data: string, node: string): void {
  const text = readFileSync(file, 'utf8');
  // Erlang prints other letters in ways of its own; a run directory with such a name can be used, and not be moved.
  if (!/^[ -~]*$/.test(data)) return;
  // A long text is printed in pieces, which Erlang puts together.
  const whole = text.replace(/"\s+"/g, '');
  const folder = `${data}/${node}/quorum`;
  const paths = new RegExp(`"[^"]*/data/${escaped(node)}/quorum`, 'g');
  const led = whole.replace(paths, () => `"${folder.replace(/[\\"]/g, '\\$&')}`);
  if (!led.includes(`"${folder.replace(/[\\"]/g, '\\$&')}`))
    throw new StartFailure(
      `${file} does not say where its queue's data are, so the broker's data cannot be used in another folder: put the run directory back to where it was.`,
    );
  if (led !== whole) replaceFile(file, led);
}

function subfolders(path: string): string[] {
  if (!existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
