import { errorText } from '@backup-awareness/contracts/plain';
import { codeOf } from './failure.js';

let writeError: string | undefined;

/**
 * Writes to standard output or error. The reader may close it at any time, as head(1) does, and the disk may be full: what a command
 * does never depends on that.
 */
export function write(name: 'stdout' | 'stderr', text: string): void {
  const stream = process[name];
  const note = (error: unknown) => {
    if (name === 'stdout' && codeOf(error) !== 'EPIPE') writeError ??= errorText(error);
  };
  if (stream.listenerCount('error') === 0) stream.on('error', note);
  try {
    stream.write(text);
  } catch (error) {
    // If standard output is a file, older versions of Node throw.
    note(error);
  }
}

/** Why the output is incomplete, after all of it has been written; undefined if it is complete or its reader has closed it. */
export async function outputError(): Promise<string | undefined> {
  // An error is emitted in a later turn of the event loop.
  await new Promise((resolve) => setImmediate(resolve));
  return writeError;
}
