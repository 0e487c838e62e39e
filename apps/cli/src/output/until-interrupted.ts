import { once } from 'node:events';

/** Waits for work that never ends by itself, until Ctrl-C (which ends it as wanted). A second Ctrl-C ends the process immediately. */
export async function untilInterrupted(work: Promise<void>): Promise<void> {
  await Promise.race([work, once(process, 'SIGINT')]);
  // The terminal has shown ^C in the line where the shell's prompt would come.
  if (process.stdout.isTTY) process.stdout.write('\n');
}
