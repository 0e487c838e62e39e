import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '../run-directory/replace-file.js';
import { StartFailure } from '../output/start-failure.js';

/**
 * Has a node's quorum queues look for their messages in its data folder, by the name that the node has for it (`known`).
 * Each keeps that path in a file of Erlang terms. One that was written with another path does not start after a move, and
 * a copy would use the original's files.
 *
 * @throws StartFailure where such a file names no folder that can be told
 */
export function leadQueuesTo(data: string, known: string): void {
  for (const node of subfolders(data)) {
    const queues = join(data, node, 'quorum', node);
    for (const queue of subfolders(queues)) {
      const file = join(queues, queue, 'config');
      if (existsSync(file)) lead(file, `${known}/${node}/quorum`, node);
    }
  }
}

function lead(file: string, folder: string, node: string): void {
  // Erlang writes one byte for a letter of Latin-1, which is no UTF-8.
  const text = readFileSync(file, 'latin1');
  // A long text is printed in pieces, which Erlang puts together.
  const whole = text.replace(/"\s+"/g, '');
  if (whole.includes(`"${folder}`)) return;
  const paths = new RegExp(`"(?:[^"\\\\]|\\\\.)*?/data/${escaped(node)}/quorum`, 'g');
  const led = whole.replace(paths, () => `"${folder}`);
  if (led === whole)
    throw new StartFailure(
      `${file} does not say where its queue's data are, so the broker's data cannot be used: restore them from a backup.`,
    );
  replaceFile(file, led);
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
