import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '../run-directory/replace-file.js';
import { StartFailure } from '../output/start-failure.js';

/**
 * Points a node's quorum queues to its data folder, by the node's own name for it (`known`). Each queue keeps that path in a
 * file of Erlang terms: with another path it does not start after a move, and in a copy it would use the original's files. The files
 * of RabbitMQ 4 name no path.
 *
 * @throws StartFailure for a file in which the path cannot be recognised
 */
export function pointQueuesTo(data: string, known: string): void {
  for (const node of subfolders(data)) {
    const queues = join(data, node, 'quorum', node);
    for (const queue of subfolders(queues)) {
      const file = join(queues, queue, 'config');
      if (existsSync(file)) replacePath(file, `${known}/${node}/quorum`, node);
    }
  }
}

function replacePath(file: string, folder: string, node: string): void {
  // Erlang writes a letter of Latin-1 as one byte, which is not UTF-8.
  const text = readFileSync(file, 'latin1');
  // Erlang prints a long string in pieces.
  const whole = text.replace(/"\s+"/g, '');
  if (whole.includes(`"${folder}`) || namesNoPath(whole)) return;
  const paths = new RegExp(`"(?:[^"\\\\]|\\\\.)*?/data/${escaped(node)}/quorum`, 'g');
  const replaced = whole.replace(paths, () => `"${folder}`);
  if (replaced === whole)
    throw new StartFailure(
      `${file} does not say where its queue's data are, so the broker's data cannot be used: restore them from a backup.`,
    );
  replaceFile(file, replaced);
}

/** A whole file of RabbitMQ 4. One that is empty or was cut off names no path, either, and is none. */
function namesNoPath(text: string): boolean {
  return /\buid\s*=>/.test(text) && /\}\.\s*$/.test(text) && !/\bdata_dir\s*=>/.test(text);
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
