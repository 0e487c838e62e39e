import { errorText } from '@backup-awareness/contracts/plain';
import { codeOf } from './failure.js';

let trouble: string | undefined;

/**
 * Writes to our standard output or error. Its reader may leave at any time, as head(1) does, and its disk may be full: what a
 * command does never depends on that.
 */
export function write(name: 'stdout' | 'stderr', text: string): void {
  const stream = process[name];
  const note = (error: unknown) => {
    if (name === 'stdout' && codeOf(error) !== 'EPIPE') trouble ??= errorText(error);
  };
  if (stream.listenerCount('error') === 0) stream.on('error', note);
  try {
    stream.write(text);
  } catch (error) {
    // Where standard output is a file, older versions of Node throw.
    note(error);
  }
}

/** Why what a command has printed is not whole, once it has been written; undefined where it is, or where its reader has left. */
export async function outputTrouble(): Promise<string | undefined> {
  // An error is told in a later turn.
  await new Promise((resolve) => setImmediate(resolve));
  return trouble;
}
