import { visible } from '@backup-awareness/overview/words';

/** One line on standard error. */
export function showError(reason: string): void {
  process.stderr.write(`backup-awareness: ${visible(reason)}\n`);
}
